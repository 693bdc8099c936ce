import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { Metrics } from '../telemetry/metrics/metrics.ts';
import { parseExposition } from '../telemetry/testing/parse-exposition.ts';
import { parseMetricsFile, writeMetrics } from './metrics-file.ts';
import { UsageError } from './usage-error.ts';

describe('--metrics', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-metrics-'));
  after(() => rmSync(directory, { recursive: true }));
  const at = (name: string) => path.join(directory, name);
  const nothing = new Metrics().view();

  test('refuses what is no place for a file, before the run', () => {
    mkdirSync(at('directory'));
    symlinkSync(at('elsewhere'), at('link'));
    const refused = [
      '-',
      '',
      '/dev/null',
      '/dev/stdout',
      at('directory'),
      at('new/'),
      at('link'),
      at('no/such'),
    ];
    for (const text of refused) assert.throws(() => parseMetricsFile(text), UsageError, text);
    assert.equal(parseMetricsFile(path.relative(process.cwd(), at('new'))), at('new'));
  });

  test('writes JSON or the text exposition, by the name, in place of what was there', async () => {
    for (const name of ['figures.json', 'figures.prom']) {
      writeFileSync(at(name), 'earlier');
      await writeMetrics(parseMetricsFile(at(name)), nothing);
    }
    assert.deepEqual(JSON.parse(readFileSync(at('figures.json'), 'utf8')), { functions: [] });
    assert.ok(parseExposition(readFileSync(at('figures.prom'), 'utf8')).has('thaw_invocations_total'));
  });

  test('leaves nothing half done where it fails', async () => {
    mkdirSync(at('taken/by'), { recursive: true });
    const before = readdirSync(directory);
    await assert.rejects(writeMetrics(at('taken'), nothing), /The metrics cannot be written to .*taken: /);
    assert.deepEqual(readdirSync(directory), before);
  });
});
