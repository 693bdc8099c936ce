import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { metered, reported } from '../testing/metered.ts';
import { parseExposition } from '../testing/parse-exposition.ts';
import type { ScriptedStory } from '../testing/scripted-story.ts';
import { exposition } from './exposition.ts';
import { Metrics } from './metrics.ts';

const empty = exposition(new Metrics().view());

function parse(tell: (story: ScriptedStory) => void) {
  return parseExposition(exposition({ functions: [metered(tell)] }));
}

describe('the text exposition', () => {
  test('declares every family, and nothing more, before anything was told', () => {
    const families = parseExposition(empty);
    assert.ok(families.size > 20);
    for (const { samples, help } of families.values()) {
      assert.deepEqual(samples, []);
      assert.match(help, /\.$/);
    }
  });

  test('carries the figures in seconds and bytes', () => {
    const families = parse((story) => {
      story.init({ otlp: [40.5, 60] }).phase('Invoke', 'a');
      story.process('otlp', 'event', 'INVOKE').process('runtime', 'event', 'INVOKE');
      story.process('runtime', 'responded', 'error').at(5).process('runtime', 'ready');
      story.at(12).process('otlp', 'ready');
      const figures = { durationMs: 12.345, billedDurationMs: 13, maxMemoryUsedMB: 64 };
      reported(story, 'success', { ...figures, extensionOverheadMs: 7 }).phase('Shutdown');
      // Kibibytes, as the kernel counts, which have more decimals as mebibytes than are told.
      const usage = { cpuMs: 12.5, maxResidentMiB: 19_896 / 1024 };
      const record = { name: 'otlp', kind: 'external', moment: 'exited', usage } as const;
      story.tell({ type: 'thaw.process', record });
    });
    const labels = { function: 'hello', version: '$LATEST' };
    const samples = (name: string) => families.get(name)?.samples;
    const values = (name: string) => samples(name)?.map(({ value }) => value);
    assert.deepEqual(samples('thaw_invocations_total'), [
      { name: 'thaw_invocations_total', labels, value: 1 },
    ]);
    assert.deepEqual(
      samples('thaw_errors_total')?.map(({ labels, value }) => [labels.cause, value]),
      [
        ['handler', 1],
        ['error', 0],
        ['timeout', 0],
        ['failure', 0],
      ],
    );
    const duration = 'thaw_duration_seconds';
    assert.deepEqual(samples(duration), [
      ...['0', '0.5', '0.9', '0.99', '1'].map((quantile) => ({
        name: duration,
        labels: { ...labels, quantile },
        value: 0.012345,
      })),
      { name: `${duration}_sum`, labels, value: 0.012345 },
      { name: `${duration}_count`, labels, value: 1 },
    ]);
    assert.deepEqual(values('thaw_billed_duration_seconds')?.slice(-2), [0.013, 1]);
    assert.deepEqual(values('thaw_post_runtime_extensions_duration_seconds')?.slice(-2), [0.007, 1]);
    assert.deepEqual(values('thaw_max_memory_used_bytes')?.slice(-2), [67_108_864, 1]);
    assert.deepEqual(values('thaw_extension_wait_alone_seconds')?.slice(-2), [0.007, 1]);
    assert.deepEqual(values('thaw_extension_cpu_seconds_total'), [0.0125]);
    const resident = { name: 'thaw_extension_max_resident_bytes', labels: { ...labels, extension: 'otlp' } };
    assert.deepEqual(samples(resident.name), [{ ...resident, value: 19_896 * 1024 }]);
  });

  test('a distribution of nothing has no quantiles, and what is not known has no series', () => {
    const families = parse((story) => story.init({ otlp: [1, 2] }));
    const names = families.get('thaw_duration_seconds')?.samples.map(({ name, value }) => [name, value]);
    assert.deepEqual(names, [
      ['thaw_duration_seconds_sum', 0],
      ['thaw_duration_seconds_count', 0],
    ]);
    assert.deepEqual(families.get('thaw_runtime_max_resident_bytes')?.samples, []);
  });

  test('a name may hold anything', () => {
    const name = 'a "quoted" \\ back\\nslash\nline,}{="é☃';
    const families = parse((story) =>
      story.phase('Extension init').initStart('hello').process(name, 'started'),
    );
    const [sample] = families.get('thaw_extension_cpu_seconds_total')?.samples ?? [];
    assert.equal(sample?.labels.extension, name);
  });

  test('docs/metrics.md explains exactly the families there are', () => {
    const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
    const explained = [...page.matchAll(/`(thaw_\w+)` \|/g)].map(([, name]) => name);
    assert.deepEqual(explained.sort(), [...parseExposition(empty).keys()].sort());
  });
});

describe('the parser of the tests', () => {
  const broken: readonly (readonly [why: string, text: string])[] = [
    ['does not end', '# HELP a b\n# TYPE a gauge\na 1'],
    ['TYPE without its HELP', '# TYPE a gauge\n'],
    ['without a family', 'a 1\n'],
    ['unknown type', '# HELP a b\n# TYPE a untyped\n'],
    ['fit its type', '# HELP a b\n# TYPE a counter\n'],
    ['of another family', '# HELP a b\n# TYPE a gauge\nb 1\n'],
    ['there before', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    ['not a sample', '# HELP a b\n# TYPE a gauge\na one\n'],
    ['malformed labels', '# HELP a b\n# TYPE a gauge\na{x="1} 1\n'],
    ['unknown escape', '# HELP a b\n# TYPE a gauge\na{x="\\t"} 1\n'],
    ['quantile out of place', '# HELP a b\n# TYPE a gauge\na{quantile="0.5"} 1\n'],
    ['negative counter', '# HELP a_total b\n# TYPE a_total counter\na_total -1\n'],
    ['second HELP', '# HELP a b\n# TYPE a gauge\n# HELP a b\n'],
  ];
  for (const [why, text] of broken)
    test(`refuses: ${why}`, () => assert.throws(() => parseExposition(text), new RegExp(why)));
});
