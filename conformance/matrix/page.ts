import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { allRuntimes, type RuntimeFamily } from '../../src/domain/runtime-id.ts';
import { checkout } from '../support/host-program.ts';
import type { RuntimeState } from '../support/runtimes-here.ts';
import { type Aspect, aspects } from './aspects.ts';

const file = path.join(checkout, 'docs/runtimes.md');

/** What one run of the matrix came to for a runtime. */
export interface Verified {
  /** What it ran on: `3.12.1`, `Go, aws-lambda-go 1.54.0`. */
  readonly means: string;
  readonly aspects: ReadonlySet<Aspect>;
}

/** Cells of the row: ✓ was verified, – is not there on Lambda either. */
export function cells(verified: ReadonlySet<Aspect>): string {
  return aspects.map((aspect) => (verified.has(aspect) ? '✓' : '–')).join(' | ');
}

/** The cells of a runtime's row on the page as it is; undefined where there is no row that it ran. */
export function claimed(runtime: string, madeWith: string | undefined): string | undefined {
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.slice(2, -2).split(' | '))
    .filter((row) => row.length === aspects.length + 2 && row[0] === `\`${runtime}\``);
  const row = rows.find(([, means]) => madeWith === undefined || means === madeWith);
  return row?.slice(2).join(' | ');
}

/** The identifiers that the page has a row for. */
export function identifiersOnPage(): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^\| `([a-z0-9.-]+)` \|/gm)].map(([, id]) => id!);
}

export function writePage(
  verified: ReadonlyMap<string, readonly Verified[]>,
  states: readonly RuntimeState[],
): void {
  const table = (heads: readonly string[], rows: readonly (readonly string[])[]) =>
    [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
  const ids = [...allRuntimes.keys()];
  const ran = ids.flatMap((id) =>
    (verified.get(id) ?? []).map(({ means, aspects: seen }) => [`\`${id}\``, means, cells(seen)]),
  );
  const rest = ids
    .filter((id) => !verified.has(id))
    .map((id) => {
      const { why, mend, state } = states.find(({ runtime }) => runtime === id)!;
      if (state === 'unsupported') return [`\`${id}\``, 'does not run', why ?? ''];
      const takes = [mend?.replaceAll(/<(\w+)>/g, '…'), notes[allRuntimes.get(id)!.family]];
      return [`\`${id}\``, '*not verified here*', takes.filter((part) => part !== undefined).join('; ')];
    });
  writeFileSync(
    file,
    pageText(table(['Runtime', 'With', ...aspects], ran), table(['Runtime', '', 'What it takes'], rest)),
  );
}

/** What an interpreter alone would not mend. */
const notes: Partial<Record<RuntimeFamily, string>> = {
  dotnet: 'Thaw’s client for class libraries was tried on .NET 8: [how](decisions/dotnet-runtime.md)',
};

function pageText(ran: string, rest: string): string {
  return `# Runtimes

Written by \`THAW_TEST_WRITE_RUNTIMES=yes node --test conformance/runtime-matrix.test.ts\`; do not edit. Every identifier there ever was is here.
\`thaw runtimes\` says which have an interpreter on a machine, and what mends it where not.

## Verified

With the product as it is used, on the interpreter or with the program named; the same test runs whenever the tests do, and
fails where it finds another result than this table. ✓ was seen to be as on Lambda; – is not there on Lambda either, or not with this
language.

${ran}

What the columns mean:

- **success**, **context**, **variables**: an event and its answer with numbers, nesting and letters outside ASCII; the context's
  fields; variables of the customer, of the platform and of the runtime.
- **handler error**: its type and message reach the caller, and the environment lives on. **init error**: reported as the runtime
  reports it; the invocation starts Init again, and succeeds where the reason is gone. **exit**: the process ends with a status
  in the handler. **timeout**: the handler does not answer. After both the environment starts again; \`/tmp\` stays.
- **layer**: a module on the language's own search path (with compiled programs, a file below \`/opt\`). **wrapper**: a script in
  \`AWS_LAMBDA_EXEC_WRAPPER\`.
- **internal extension**: brought into the runtime's process by the language's own hook (\`NODE_OPTIONS\`, \`PYTHONPATH\` with
  \`sitecustomize\`, \`RUBYOPT\`, \`JAVA_TOOL_OPTIONS\`, \`DOTNET_STARTUP_HOOKS\`) or by AWS's library, and registered from there. **external extension**:
  started, told every INVOKE, and SHUTDOWN with its reasons.
- **Text log**, **JSON log**: a warning of the language's own logger, with the identifier of its request (but in the
  text of Java and of .NET before 6, which has none).
- **streaming**: the answer is streamed.

\`go1.x\` runs without extensions, as on Lambda: those of a layer are not started, and a line in the log says so.

## Not verified

Nothing is claimed of these.

${rest}
`;
}
