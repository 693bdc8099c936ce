import { sandboxContract } from './sandbox-contract.suite.ts';

sandboxContract('crun');
