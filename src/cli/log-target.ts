import { defaultLogGroup, isStreamOf } from '../domain/log-names.ts';
import { listGroups, listStreams } from '../telemetry/log-store/log-reader.ts';
import { UsageError } from './usage-error.ts';

/** What of the log store is meant. */
export interface LogTarget {
  readonly group: string;
  readonly wantsStream: (logStreamName: string) => boolean;
  /** Other groups that the function logged to, earlier. */
  readonly elsewhere: readonly string[];
}

const hintedNames = 10;

/**
 * @param name of a function, or of a group where it begins with a slash.
 * @param group where both are given, what the function wrote there.
 * @param ending of the name of the one stream that is meant.
 * @throws UsageError where there is no such log.
 */
export async function findLog(
  root: string,
  name: string | undefined,
  group: string | undefined,
  ending: string | undefined,
): Promise<LogTarget> {
  const target = await findGroup(root, name, group);
  if (ending === undefined) return target;
  const streams = (await listStreams(root, target.group)).map(({ logStreamName }) => logStreamName);
  const stream = onlyOne(streams.filter(target.wantsStream), target.group, ending);
  return { ...target, wantsStream: (each) => each === stream };
}

async function findGroup(
  root: string,
  name: string | undefined,
  group: string | undefined,
): Promise<LogTarget> {
  const groups = await listGroups(root);
  const whole = group ?? (name?.startsWith('/') ? name : undefined);
  if (whole !== undefined) {
    if (!groups.includes(whole)) throw noSuchLog(root, `log group ${whole}`, groups);
    const wantsStream = (stream: string) =>
      name === undefined || name === whole || isStreamOf(name, whole, stream);
    return { group: whole, wantsStream, elsewhere: [] };
  }
  if (name === undefined) throw new UsageError('name a function, or a log group with --group');
  const [latest, ...elsewhere] = await groupsOf(root, name, groups);
  if (latest === undefined) throw noSuchLog(root, `log of ${name}`, groups);
  return { group: latest, wantsStream: (stream) => isStreamOf(name, latest, stream), elsewhere };
}

/** Those with streams of the function, that with the one begun last first. */
async function groupsOf(root: string, name: string, groups: readonly string[]): Promise<string[]> {
  const found: { group: string; startMs: number }[] = [];
  for (const group of groups) {
    const streams = await listStreams(root, group);
    const latest = streams.find(({ logStreamName }) => isStreamOf(name, group, logStreamName));
    if (latest !== undefined) found.push({ group, startMs: latest.startMs });
  }
  return found.sort((a, b) => b.startMs - a.startMs).map(({ group }) => group);
}

function onlyOne(streams: readonly string[], group: string, ending: string): string {
  const fitting = streams.filter((stream) => stream.endsWith(ending));
  const [only] = fitting;
  if (only !== undefined && fitting.length === 1) return only;
  const found = only === undefined ? `is no log stream` : `are ${fitting.length} log streams`;
  throw new UsageError(
    `there ${found} in ${group} whose name ends with ${ending}; the newest: ${hint(only === undefined ? streams : fitting)}`,
  );
}

function noSuchLog(root: string, what: string, groups: readonly string[]): UsageError {
  const known = groups.map((each) =>
    each.startsWith(defaultLogGroup('')) ? each.slice(defaultLogGroup('').length) : each,
  );
  return new UsageError(
    `there is no ${what} in ${root}; ${known.length > 0 ? `there is ${hint(known)}` : '`thaw run` makes one'}`,
  );
}

function hint(names: readonly string[]): string {
  const more = names.length - hintedNames;
  return names.slice(0, hintedNames).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
