import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runHostProgram } from './support/host-program.ts';
import { functionCode, packageDirectory } from './support/packages.ts';
import { expectStatus, runThaw } from './support/run-thaw.ts';

const compilers = [
  { language: 'go', version: ['go', 'version'], extension: 'go-hello' },
  { language: 'rust', version: ['rustc', '--version'], extension: 'rust-hello' },
] as const;

describe('a compiled extension', () => {
  for (const { language, version, extension } of compilers) {
    test(`in ${language}: registers, gets every event, ends at SHUTDOWN`, async (t) => {
      const compiler = await runHostProgram(version).catch(() => undefined);
      if (compiler?.status !== 0) {
        t.skip(`there is no ${version[0]} on PATH to compile it with`);
        return;
      }
      const layer = packageDirectory(t);
      const build = `conformance/fixtures/${language}/build.sh`;
      const built = await runHostProgram(['sh', build, layer], { deadlineMs: 550_000 });
      assert.equal(built.status, 0, built.stderr);
      const ended = await runThaw(t, [functionCode('echo'), '--invocations', '2', '--layer', layer]);
      expectStatus(ended, 0);
      assert.deepEqual(ended.told.records('platform.extension'), [
        { name: extension, state: 'Ready', events: ['INVOKE', 'SHUTDOWN'] },
      ]);
      assert.deepEqual(
        ended.told.extensionEvents.map(({ eventType, shutdownReason }) => shutdownReason ?? eventType),
        ['INVOKE', 'INVOKE', 'spindown'],
      );
      assert.doesNotMatch(ended.stderr, new RegExp(extension), 'it had to be killed');
    });
  }
});
