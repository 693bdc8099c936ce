import { sandboxContract } from './sandbox-contract.suite.ts';

sandboxContract('runc');
