import { after, before, describe } from 'node:test';
import { confinementSuite } from './confinement.suite.ts';
import { generationsSuite } from './generations.suite.ts';
import { leftoversSuite } from './leftovers.suite.ts';
import { networkSuite } from './network.suite.ts';
import { OutsideHost } from './outside-host.ts';
import { placesSuite } from './places.suite.ts';
import { processesSuite } from './processes.suite.ts';
import { resourcesSuite } from './resources.suite.ts';
import { SandboxBench } from './sandbox-bench.ts';

/** What every driver must do; run with real processes, as root. */
export function sandboxContract(driver: 'crun' | 'runc'): void {
  describe(`sandbox driver ${driver}`, { timeout: 300_000 }, () => {
    const bench = new SandboxBench(driver);
    const outside = new OutsideHost();
    before(async () => {
      await outside.open();
      await bench.open();
    });
    after(async () => {
      outside.close();
      await bench.close();
    });
    processesSuite(bench);
    generationsSuite(bench);
    placesSuite(bench);
    confinementSuite(bench);
    resourcesSuite(bench);
    leftoversSuite(bench);
    networkSuite(bench, outside);
  });
}
