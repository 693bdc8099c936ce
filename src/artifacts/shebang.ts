/** The kernel looks at this many bytes of a file to decide how to start it. */
export const kernelHeadBytes = 256;

export interface Shebang {
  /** Empty where the line names none. */
  readonly interpreter: string;
  /** Everything after the interpreter is one argument to the kernel; absent where there is nothing. */
  readonly argument?: string;
  /** The line ends in CR LF, and the CR belongs to the last word. It is stripped from the fields above. */
  readonly endsInCr: boolean;
  /** The interpreter's path does not end within what the kernel reads. */
  readonly isCut: boolean;
}

/** Reads a script's first line as the kernel does. @returns undefined where the file does not begin with `#!`. */
export function parseShebang(head: Buffer): Shebang | undefined {
  if (head.subarray(0, 2).toString('latin1') !== '#!') return undefined;
  const seen = head.subarray(2, kernelHeadBytes);
  const end = seen.indexOf('\n');
  const line = (end === -1 ? seen : seen.subarray(0, end)).toString();
  const endsInCr = line.endsWith('\r');
  const words = (endsInCr ? line.slice(0, -1) : line).replace(/^[ \t]+|[ \t]+$/g, '');
  const [, interpreter = '', argument = ''] = /^([^ \t]*)[ \t]*(.*)$/s.exec(words) ?? [];
  return {
    interpreter,
    ...(argument === '' ? {} : { argument }),
    endsInCr,
    isCut: end === -1 && head.length >= kernelHeadBytes && argument === '',
  };
}

/**
 * The command `env` would look up on PATH for the one argument the kernel hands it. With `-S` it splits that argument
 * itself; without, blanks belong to the command's name.
 */
export function commandOfEnv(argument: string): string | undefined {
  const split = /^(?:-S|--split-string=?)[ \t]*(.*)$/s.exec(argument)?.[1];
  if (split === undefined) return argument.startsWith('-') ? undefined : argument;
  return split.split(/[ \t]+/).find((word) => word !== '' && !word.startsWith('-') && !word.includes('='));
}
