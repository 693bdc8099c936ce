import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDirectory } from '../testing/temporary-directory.ts';
import { noRuntimeSettings, readRuntimeSettings } from './runtime-settings.ts';

test('without a file there are those given alone; they come over those of the file', (t) => {
  const root = temporaryDirectory(t);
  assert.deepEqual(readRuntimeSettings(root), noRuntimeSettings);
  const text = {
    interpreters: { 'python3.8': '/a', 'python3.9': '/b' },
    map: { 'python3.7': 'python3.8', 'ruby3.2': 'ruby3.1' },
  };
  writeFileSync(path.join(root, 'runtimes.json'), JSON.stringify(text));
  const given = {
    interpreters: new Map([['python3.8', '/c']] as const),
    map: new Map([['ruby2.5', 'ruby2.7']] as const),
  };
  const { interpreters, map } = readRuntimeSettings(root, given);
  assert.deepEqual(Object.fromEntries(interpreters), { 'python3.8': '/c', 'python3.9': '/b' });
  assert.deepEqual(Object.fromEntries(map), {
    'python3.7': 'python3.8',
    'ruby3.2': 'ruby3.1',
    'ruby2.5': 'ruby2.7',
  });
});

const refused: readonly [what: string, text: string, words: RegExp][] = [
  ['no JSON', '{', /it is not JSON/],
  ['no object', '[]', /it is no JSON object/],
  ['another setting', '{"interpreter": {}}', /there is no setting "interpreter"/],
  ['an unknown runtime', '{"map": {"python9": "python3.8"}}', /names python9/],
  ['a runtime too old', '{"interpreters": {"nodejs8.10": "/a"}}', /names nodejs8\.10/],
  ['another language', '{"map": {"python3.8": "ruby2.7"}}', /not of the same language as ruby2\.7/],
  ['an odd target', '{"map": {"ruby2.7": "ruby"}}', /ruby is neither a runtime with an interpreter nor/],
  ['no interpreter', '{"map": {"provided": "provided.al2"}}', /needs no interpreter/],
  ['a relative path', '{"interpreters": {"python3.8": "python3"}}', /python3 is no absolute path/],
  ['no text', '{"interpreters": {"python3.8": 1}}', /has no text for python3\.8/],
];
for (const [what, text, words] of refused) {
  test(`a file with ${what} is refused`, (t) => {
    const root = temporaryDirectory(t);
    writeFileSync(path.join(root, 'runtimes.json'), text);
    assert.throws(() => readRuntimeSettings(root), { code: 'runtime-settings', message: words });
  });
}
