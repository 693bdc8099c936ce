import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { allRuntimes, isRuntimeId, type RuntimeId, runtimeFacts } from '../src/domain/runtime-id.ts';
import { checkRuntime } from './matrix/check-runtime.ts';
import { dotnet } from './matrix/dotnet.ts';
import { go, go1x } from './matrix/go.ts';
import { java } from './matrix/java.ts';
import { nodejs } from './matrix/nodejs.ts';
import { cells, claimed, identifiersOnPage, type Verified, writePage } from './matrix/page.ts';
import { python } from './matrix/python.ts';
import { ruby } from './matrix/ruby.ts';
import { rust } from './matrix/rust.ts';
import type { Subject } from './matrix/subject.ts';
import { type RuntimeState, runtimesHere } from './support/runtimes-here.ts';

const subjects: readonly Subject[] = [nodejs, python, ruby, java, dotnet, go, rust, go1x];
const writes = process.env.THAW_TEST_WRITE_RUNTIMES === 'yes';

const stale = 'docs/runtimes.md says otherwise; THAW_TEST_WRITE_RUNTIMES=yes writes it anew';

const verified = new Map<string, Verified[]>();
let states: readonly RuntimeState[];

// Two at a time: of four virtual machines that start at once on two busy cores, each takes longer than Init may.
describe('the matrix', { concurrency: 2 }, () => {
  before(async () => {
    states = await runtimesHere();
  });
  after(() => {
    if (writes) writePage(verified, states);
  });

  for (const runtime of [...allRuntimes.keys()].filter(isRuntimeId)) {
    for (const subject of subjects.filter((each) => isFor(each, runtime))) {
      test(`${runtime}${subject.madeWith === undefined ? '' : ` (${subject.madeWith})`}`, async (t) => {
        const { state, interpreter, mend, why } = states.find((each) => each.runtime === runtime)!;
        const standIn = state === 'runs' ? undefined : await subject.standIn?.();
        if (state !== 'runs' && standIn === undefined) return t.skip(`${why} Mend it with: ${mend}`);
        const prepared = await subject.prepare(t, runtime);
        if ('refusal' in prepared) return t.skip(prepared.refusal);
        const args = standIn === undefined ? [] : ['--runtime-map', `${runtime}=${nameOf(subject, standIn)}`];
        const aspects = await checkRuntime(t, runtime, prepared, args);
        const version = interpreter?.version ?? `${standIn}, by a runtime map`;
        const means = subject.madeWith ?? `${subject.language} ${version}`;
        verified.set(runtime, [...(verified.get(runtime) ?? []), { means, aspects }]);
        if (writes) return;
        const onPage = claimed(runtime, subject.madeWith);
        // Another machine may have interpreters of its own that the page knows nothing of.
        const isOfHost = standIn !== undefined || interpreter?.origin === 'host';
        if (onPage !== undefined || !isOfHost) assert.equal(onPage, cells(aspects), stale);
      });
    }
  }
});

describe('docs/runtimes.md', { skip: writes && 'it is being written' }, () => {
  test('has every identifier', () => {
    assert.deepEqual(new Set(identifiersOnPage()), new Set(allRuntimes.keys()));
  });
});

function isFor({ family, runtimes }: Subject, runtime: RuntimeId): boolean {
  return runtimeFacts(runtime).family === family && (runtimes?.includes(runtime) ?? true);
}

/** `ruby3.1` is what the runtime map calls a Ruby 3.1.2. */
function nameOf({ family }: Subject, version: string): string {
  return `${family}${version.split('.', 2).join('.')}`;
}
