import type { Fault } from '../domain/fault.ts';
import { type Life, runtimeProcess, waitedFor } from '../lifecycle/life.ts';
import type { SandboxFiles } from './sandbox-files.ts';

/** What there is to go by when something failed. */
export interface Evidence {
  /** The life as it was before the fault changed it. */
  readonly life: Life;
  /** What a process printed last, as `LastOutput` gives it. */
  readonly lastLinesOf: (name: string) => readonly string[];
  readonly files: SandboxFiles;
  /** The program that is the runtime, as seen inside; undefined where there is none. */
  readonly bootstrap: string | undefined;
  readonly memoryMiB: number;
  /** OOM kills since the flow that failed began. */
  readonly oomKills: number;
  /** Whether an event is due to an extension that does not wait for one any more. */
  readonly isUnheard: (extension: string) => boolean;
  /** Names whose registration was refused. */
  readonly refusedNames: readonly string[];
}

/** Plain words for a fault: what happened, to whom, and what to do. Each is a sentence of its own. */
export function diagnose(fault: Fault, evidence: Evidence): string[] {
  const words = [...wordsFor(fault, evidence)];
  if (evidence.oomKills > 0) {
    words.push(
      `the kernel's OOM killer ended ${evidence.oomKills} process(es): function and extensions together needed more than ${evidence.memoryMiB} MiB; give the function more memory`,
    );
  }
  return words;
}

/** Whether it is for an extension that something failed: Lambda's own words, `exit status 1`, name none. */
export function isOfExtension(fault: Fault, life: Life): boolean {
  if (fault.type.startsWith('Extension.')) return true;
  return fault.type === 'Sandbox.Timedout' && waitedFor(life).some((name) => name !== runtimeProcess);
}

/** Why an extension was killed at the end of the budget. @param isHeard whether it took its SHUTDOWN event. */
export function overdueWords(name: string, isHeard: boolean): string {
  return isHeard
    ? `extension ${name} got SHUTDOWN but did not exit within its budget and was killed; exit (code 0) as soon as the SHUTDOWN event is handled`
    : `extension ${name} never asked for its SHUTDOWN event and was killed; ask for the next event as soon as the one before is handled`;
}

function* wordsFor(fault: Fault, evidence: Evidence): Generator<string> {
  const { life, files } = evidence;
  switch (fault.type) {
    case 'Extension.LaunchError':
      yield* launchWords(fault, evidence);
      return;
    case 'Extension.Crash':
      yield* crashWords(fault, evidence);
      return;
    case 'Extension.InitError':
    case 'Extension.ExitError': {
      const call = fault.type === 'Extension.InitError' ? 'init/error' : 'exit/error';
      yield `extension ${fault.subject} gave up: it reported ${fault.message} to /extension/${call}${lastWords(fault.subject, evidence)}`;
      return;
    }
    case 'Runtime.InvalidEntrypoint':
      yield fault.message;
      return;
    case 'Runtime.ExitError': {
      const { bootstrap } = evidence;
      const findings = bootstrap && life.phase === 'RuntimeInit' ? files.inspect(bootstrap) : [];
      yield `the runtime process ended ${during(life)} (${fault.message})${lastWords(runtimeProcess, evidence)}`;
      for (const finding of findings) yield finding.message;
      return;
    }
    case 'Sandbox.Timedout':
      for (const name of waitedFor(life))
        yield name === runtimeProcess ? runtimeHang(life) : hang(name, evidence);
      if (life.init?.phase === 'invoke') yield suppressedInitWords(life);
      yield* strangerWords(evidence);
      return;
    default:
      yield fault.message.split('\n', 1)[0] ?? '';
      if (/Cannot find (module|package) '(aws-sdk|@aws-sdk\/|@smithy\/)/.test(fault.message)) {
        yield 'the AWS SDK is not part of the runtime here: bundle it with the function, or give a layer with nodejs/node_modules';
      }
  }
}

function* launchWords(fault: Fault, { files }: Evidence): Generator<string> {
  const path = `/opt/extensions/${fault.subject}`;
  const findings = files.inspect(path);
  if (findings.length === 0 || fault.message.startsWith('Extension limit')) {
    yield `extension ${fault.subject} was not started: ${fault.message}`;
    return;
  }
  for (const finding of findings) yield `extension ${fault.subject} cannot be started: ${finding.message}`;
}

function* crashWords(fault: Fault, evidence: Evidence): Generator<string> {
  const { life, files } = evidence;
  const state = life.extensions.get(fault.subject)?.state;
  const before =
    state === 'Started'
      ? 'before it registered'
      : state === 'Registered'
        ? 'after it registered and before it first asked for its next event'
        : during(life);
  yield `extension ${fault.subject} exited ${before} (${fault.message}); an extension has to keep running until SHUTDOWN${lastWords(fault.subject, evidence)}`;
  if (state !== 'Started') return;
  for (const finding of files.inspect(`/opt/extensions/${fault.subject}`)) yield finding.message;
}

function hang(name: string, evidence: Evidence): string {
  const state = evidence.life.extensions.get(name)?.state;
  const said = lastWords(name, evidence);
  if (state === 'Started') {
    return `extension ${name} never registered: no POST /2020-01-01/extension/register came with Lambda-Extension-Name: ${name}${said}`;
  }
  if (state === 'Registered') {
    return `extension ${name} registered but never asked for its first event: GET /2020-01-01/extension/event/next is what ends its part of Init${said}`;
  }
  if (evidence.isUnheard(name)) {
    return `extension ${name} never got its INVOKE event: its GET /2020-01-01/extension/event/next had gone away before, and no other came${said}`;
  }
  return `extension ${name} did not ask for its next event after INVOKE: it held the invocation until the timeout${said}`;
}

function runtimeHang(life: Life): string {
  if (life.phase === 'RuntimeInit') {
    return 'the runtime never asked for its first event: code outside the handler ran too long, or the bootstrap does not call GET /2018-06-01/runtime/invocation/next';
  }
  if (life.runtime.state === 'RuntimeResponseSent') {
    return 'the runtime answered but never asked for its next event';
  }
  return 'the function did not answer within its timeout';
}

/** Who has seen the same code start ahead of an invocation in 10 s wonders otherwise. */
function suppressedInitWords({ terms }: Life): string {
  return `Init ran again as part of the invocation, after a failure or a reset, so its limit was the function's timeout of ${terms.functionTimeoutMs / 1000} s`;
}

/** A wrong name is the usual reason for a hang: Lambda takes it for an internal extension. */
function* strangerWords({ life, refusedNames }: Evidence): Generator<string> {
  const missing = [...life.extensions.values()].filter(
    (extension) => extension.kind === 'external' && extension.state === 'Started',
  );
  if (missing.length === 0) return;
  const strangers = new Set(refusedNames);
  for (const extension of life.extensions.values()) {
    if (extension.kind === 'internal') strangers.add(extension.name);
    else strangers.delete(extension.name);
  }
  for (const name of strangers) {
    yield `something registered under the name "${name}", which no file in /opt/extensions has: Lambda takes that for an internal extension. Lambda-Extension-Name has to be the file's full name (${missing.map((extension) => extension.name).join(', ')})`;
  }
}

function during(life: Life): string {
  switch (life.phase) {
    case 'Invoking':
    case 'ExtensionsFinishing':
      return 'during an invocation';
    case 'Idle':
      return 'between two invocations';
    default:
      return 'during Init';
  }
}

function lastWords(name: string, { lastLinesOf }: Evidence): string {
  const lines = lastLinesOf(name);
  return lines.length === 0 ? '; it printed nothing' : `; its last output: ${lines.join(' ⏎ ')}`;
}
