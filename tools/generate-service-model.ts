/**
 * Writes src/lambda-api/model/lambda.json and shapes.ts from the model of the Lambda API that botocore publishes on
 * PyPI. Run by hand, when a newer model is wanted: change the version and the digest below, then
 *
 *     node tools/generate-service-model.ts
 *
 * Needs python3 with pip, for the download and for opening the wheel.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ServiceModel } from '../src/lambda-api/model/service-model.ts';
import { type Provenance, pruneModel } from './prune-model.ts';
import { renderShapes } from './render-shapes.ts';

const botocore = {
  version: '1.44.5',
  wheelSha256: '8f16a56d1dff125dd65322ae021efa7ba5195a6db5102b96862566055b748921',
  member: 'botocore/data/lambda/2015-03-31/service-2.json.gz',
};

const provenance: Provenance = {
  package: 'botocore',
  version: botocore.version,
  member: botocore.member,
  licence: 'Apache-2.0',
  copyright: 'Copyright Amazon.com, Inc. or its affiliates. All Rights Reserved.',
  changes: 'Documentation and what Thaw does not read are left out.',
};

const target = new URL('../src/lambda-api/model/', import.meta.url);
const scratch = mkdtempSync(join(tmpdir(), 'thaw-service-model-'));
try {
  const model = pruneModel(JSON.parse(published(scratch)), provenance);
  const json = new URL('lambda.json', target);
  const shapes = new URL('shapes.ts', target);
  writeFileSync(json, `${JSON.stringify(model, null, 2)}\n`);
  execFileSync('biome', ['format', '--write', json.pathname], { stdio: 'inherit' });
  writeFileSync(shapes, renderShapes(JSON.parse(readFileSync(json, 'utf8')) as ServiceModel));
} finally {
  rmSync(scratch, { recursive: true });
}

/** The text of the model inside the wheel of the pinned version. */
function published(directory: string): string {
  const requirement = `botocore==${botocore.version}`;
  execFileSync(
    'pip',
    ['download', '--quiet', '--no-deps', '--only-binary=:all:', '-d', directory, requirement],
    {
      stdio: 'inherit',
    },
  );
  const wheel = join(directory, readdirSync(directory).find((name) => name.endsWith('.whl'))!);
  const digest = createHash('sha256').update(readFileSync(wheel)).digest('hex');
  if (digest !== botocore.wheelSha256)
    throw new Error(
      `${requirement}: the wheel's SHA-256 is ${digest}, not the pinned ${botocore.wheelSha256}.`,
    );
  const script =
    'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))';
  return gunzipSync(execFileSync('python3', ['-c', script, wheel, botocore.member])).toString('utf8');
}
