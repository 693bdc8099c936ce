import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

const fixtures = path.resolve(import.meta.dirname, '../fixtures');

/** Code directory of a fixture. */
export function functionCode(name: string): string {
  return path.join(fixtures, 'functions', name);
}

/** `--layer` with the layer of each fixture. */
export function extensions(...names: string[]): string[] {
  return names.flatMap((name) => ['--layer', path.join(fixtures, 'extensions', name)]);
}

/** A directory of this test's own that everyone may enter, as a package has to be. */
export function packageDirectory(t: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'thaw-conformance-'));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  chmodSync(directory, 0o755);
  return directory;
}

/** A package of these files, path → text. What begins with `#!` is made executable. */
export function packageOf(t: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = packageDirectory(t);
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(directory, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, text.startsWith('#!') ? 0o755 : 0o644);
  }
  return directory;
}

/** `--layer` with one layer that holds the fixture's extension under each of these names. */
export function copies(t: TestContext, fixture: string, names: readonly string[]): string[] {
  const directory = packageDirectory(t);
  mkdirSync(path.join(directory, 'extensions'));
  const original = path.join(fixtures, 'extensions', fixture, 'extensions', fixture);
  for (const name of names) cpSync(original, path.join(directory, 'extensions', name));
  return ['--layer', directory];
}

/** `--layer` with one layer that holds these extensions, name → bash after the prologue. */
export function bashExtensions(t: TestContext, bodies: Readonly<Record<string, string>>): string[] {
  const files = Object.entries(bodies).map(([name, body]) => [
    `extensions/${name}`,
    `${prologue}\n${body}\n`,
  ]);
  return ['--layer', packageOf(t, Object.fromEntries(files))];
}

/** `register EVENTS_JSON` registers; `next` prints the next event. */
const prologue = `#!/bin/bash
set -euo pipefail
name=$(basename "$0")
api="http://$AWS_LAMBDA_RUNTIME_API/2020-01-01/extension"
register() {
  id=$(curl -sS --fail -D - -o /dev/null -H "Lambda-Extension-Name: $name" -d "{\\"events\\":$1}" "$api/register" |
    sed -n 's/^lambda-extension-identifier: \\(.*\\)\\r$/\\1/Ip')
}
next() { curl -sS --fail -H "Lambda-Extension-Identifier: $id" "$api/event/next"; }
`;
