import { describe, type SuiteContext } from 'node:test';

/** A Node.js to run the runtime with. */
export interface Interpreter {
  readonly major: number;
  readonly path: string;
}

/** The running Node.js, and those named by THAW_TEST_NODES: `10=/path/to/node,12=/path/to/node`. */
export const interpreters: readonly Interpreter[] = [
  { major: Number.parseInt(process.versions.node, 10), path: process.execPath },
  ...(process.env.THAW_TEST_NODES ?? '')
    .split(',')
    .filter((entry) => entry !== '')
    .map(parse),
];

function parse(entry: string): Interpreter {
  const match = /^(\d+)=(\/.+)$/.exec(entry);
  if (match === null)
    throw new Error(`THAW_TEST_NODES: ${JSON.stringify(entry)} is not <major>=<absolute path>`);
  return { major: Number(match[1]), path: match[2]! };
}

/** Declares one suite per interpreter it is meant for. */
export function eachNode(
  title: string,
  suite: (node: Interpreter, context: SuiteContext) => void,
  meant: (major: number) => boolean = () => true,
): void {
  for (const node of interpreters) {
    if (!meant(node.major)) continue;
    describe(`${title} (Node.js ${node.major})`, { concurrency: 2, timeout: 220_000 }, (context) =>
      suite(node, context as SuiteContext),
    );
  }
}
