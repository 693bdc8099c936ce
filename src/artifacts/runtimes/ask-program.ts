import { execFile } from 'node:child_process';

/** For one that hangs: a loaded machine takes seconds for what else is a moment's work. */
const answerTimeoutMs = 20_000;
const maxAnswerBytes = 64 * 1024;

/** Options in the environment are meant for somebody else's program, and may be ones this version refuses. */
const foreignOptions =
  /^(NODE_OPTIONS|NODE_PATH|PYTHON(HOME|PATH|STARTUP)|RUBY(OPT|LIB)|GEM_(HOME|PATH)|BUNDLE_.*|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|DOTNET_(STARTUP_HOOKS|ROOT))$/;

/** What a program prints, on stdout and stderr together; undefined where it cannot be started, fails or takes too long. */
export function askProgram(file: string, args: readonly string[]): Promise<string | undefined> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreignOptions.test(name)));
  const limits = { timeout: answerTimeoutMs, killSignal: 'SIGKILL', maxBuffer: maxAnswerBytes } as const;
  return new Promise((resolve) => {
    execFile(file, args, { env, ...limits }, (error, stdout, stderr) =>
      resolve(error === null ? stdout + stderr : undefined),
    );
  });
}

/** A JSON array of three texts: the form in which most interpreters are asked to answer. */
export function parseAnswer(answer: string | undefined): readonly [string, string, string] | undefined {
  if (answer === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(answer);
    if (Array.isArray(parts) && parts.length === 3 && parts.every((part) => typeof part === 'string'))
      return parts as unknown as readonly [string, string, string];
  } catch {
    // It is another program, which says something else.
  }
  return undefined;
}
