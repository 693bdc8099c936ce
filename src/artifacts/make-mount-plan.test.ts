import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { maxUnzippedBytes } from '../domain/limits.ts';
import { makeMountPlan } from './make-mount-plan.ts';
import { temporaryDirectory } from './testing/temporary-directory.ts';

function directories(root: string, ...names: string[]): string[] {
  return names.map((name) => {
    const directory = path.join(root, name);
    mkdirSync(directory);
    return directory;
  });
}

/** A file of this size that takes no room on disk. */
function sparseFile(location: string, bytes: number): void {
  writeFileSync(location, '');
  truncateSync(location, bytes);
}

test('code, layers in their order, and the runtime’s own', async (t) => {
  const [code, low, high, emptyDir] = directories(temporaryDirectory(t), 'code', 'low', 'high', 'empty') as [
    string,
    string,
    string,
    string,
  ];
  const lang = { target: '/var/lang', sources: ['/lang'] };
  const plan = await makeMountPlan({
    codeDir: code,
    layerDirs: [low, high],
    runtimeMounts: [lang],
    emptyDir,
  });
  assert.deepEqual(plan.mounts, [
    { target: '/var/task', sources: [code] },
    { target: '/opt', sources: [low, high] },
    lang,
  ]);
  const bare = await makeMountPlan({ codeDir: code, layerDirs: [], runtimeMounts: [], emptyDir });
  assert.deepEqual(bare.mounts[1], { target: '/opt', sources: [emptyDir] });
});

test('function and layers together fit, or the directory that passes the limit is named', async (t) => {
  const root = temporaryDirectory(t);
  const [code, layer, emptyDir] = directories(root, 'code', 'layer', 'empty') as [string, string, string];
  mkdirSync(path.join(layer, 'deep'));
  sparseFile(path.join(code, 'big'), maxUnzippedBytes - 1000);
  sparseFile(path.join(layer, 'deep', 'small'), 1000);
  symlinkSync(path.join(code, 'big'), path.join(layer, 'link'));
  const parts = { codeDir: code, layerDirs: [layer], runtimeMounts: [], emptyDir };
  await makeMountPlan(parts);
  sparseFile(path.join(layer, 'straw'), 1);
  await assert.rejects(makeMountPlan(parts), { code: 'too-large', path: layer, message: /250 MiB/ });
});

test('the same layer twice is mounted once, in its later place, whatever path leads to it', async (t) => {
  const root = temporaryDirectory(t);
  const [code, a, b, emptyDir] = directories(root, 'code', 'a', 'b', 'empty') as [
    string,
    string,
    string,
    string,
  ];
  const link = path.join(root, 'link');
  symlinkSync(a, link);
  const opt = async (...layerDirs: string[]) => {
    const plan = await makeMountPlan({ codeDir: code, layerDirs, runtimeMounts: [], emptyDir });
    return plan.mounts[1]?.sources;
  };
  assert.deepEqual(await opt(a, b, a), [b, a]);
  assert.deepEqual(await opt(a, a), [a]);
  assert.deepEqual(await opt(a, b, link), [b, link]);
});

test('a layer within another is refused by name; code within a layer is not', async (t) => {
  const root = temporaryDirectory(t);
  const [outer, inner, beside, emptyDir] = directories(
    root,
    'layer',
    'layer/..inner',
    'layer-2',
    'empty',
  ) as [string, string, string, string];
  const plan = (codeDir: string, ...layerDirs: string[]) =>
    makeMountPlan({ codeDir, layerDirs, runtimeMounts: [], emptyDir });
  for (const order of [
    [outer, beside, inner],
    [inner, beside, outer],
  ]) {
    await assert.rejects(plan(beside, ...order), {
      code: 'nested-layers',
      path: inner,
      message: new RegExp(`Layer ${inner} lies within layer ${outer},`),
    });
  }
  assert.deepEqual((await plan(inner, outer, beside)).mounts[1]?.sources, [outer, beside]);
});

test('a sixth layer is refused', async (t) => {
  const [code, layer, emptyDir] = directories(temporaryDirectory(t), 'code', 'layer', 'empty') as [
    string,
    string,
    string,
  ];
  const layers = (count: number) => ({
    codeDir: code,
    layerDirs: Array(count).fill(layer),
    runtimeMounts: [],
    emptyDir,
  });
  await makeMountPlan(layers(5));
  await assert.rejects(makeMountPlan(layers(6)), {
    code: 'too-many-layers',
    message: /6 layers .* at most 5/,
  });
});
