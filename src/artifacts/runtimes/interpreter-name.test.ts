import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpreterVersion } from './interpreter-name.ts';

test('an interpreter is that of a runtime, or of a version that Lambda never had', () => {
  const named = (name: string) => Object.values(interpreterVersion(name) ?? {}).join(' ');
  assert.equal(named('nodejs24.x'), 'nodejs 24');
  assert.equal(named('java8.al2'), 'java 8');
  assert.equal(named('dotnetcore3.1'), 'dotnet 3.1');
  assert.equal(named('ruby3.1'), 'ruby 3.1');
  assert.equal(named('nodejs23'), 'nodejs 23');
  for (const name of [
    'provided.al2',
    'go1.x',
    'go1',
    'ruby',
    'ruby3.1.2',
    'ruby3.x',
    ' ruby3.1',
    'perl5',
    '',
  ])
    assert.equal(interpreterVersion(name), undefined, name);
});
