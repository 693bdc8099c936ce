import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'node:test';
import { hasWrapper, type RuntimeFamily, runtimeFacts, runtimeIds } from '../../src/domain/runtime-id.ts';

const familiesWithWrapper = new Set(runtimeIds.filter(hasWrapper).map((id) => runtimeFacts(id).family));
// An OS-only runtime's bootstrap is the function's own.
familiesWithWrapper.delete('provided');

function bootstrapOf(family: RuntimeFamily): string {
  return readFileSync(path.join(import.meta.dirname, '..', family, 'var-runtime/bootstrap'), 'utf8');
}

/** How a bootstrap ends: with what its arguments are by then, through the wrapper or at once. */
function passageOf(bootstrap: string): string {
  return bootstrap.slice(bootstrap.indexOf('if [ -n "$wrapper" ]'));
}

describe('the end of each bootstrap, where a wrapper may come in between', () => {
  const passage = passageOf(bootstrapOf('nodejs'));

  it('is written in each, as each is alone at /var/runtime', () => {
    assert.match(passage, /^if .*does not exist.*127.*not an executable.*126.*exec "\$@"\n$/s);
    assert.deepEqual([...familiesWithWrapper].sort(), ['dotnet', 'java', 'nodejs', 'python', 'ruby']);
  });

  for (const family of familiesWithWrapper) {
    it(`is the same in every language: ${family}`, () => {
      assert.equal(passageOf(bootstrapOf(family)), passage);
    });

    it(`leaves out the runtimes that have no wrapper: ${family}`, () => {
      const without = runtimeIds.filter((id) => runtimeFacts(id).family === family && !hasWrapper(id));
      const named = [
        ...bootstrapOf(family).matchAll(/^\[ "\$AWS_EXECUTION_ENV" = AWS_Lambda_(\S+) \] && wrapper=$/gm),
      ];
      assert.deepEqual(
        named.map(([, id]) => id),
        without,
      );
    });
  }
});
