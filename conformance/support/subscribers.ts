import { gunzipSync } from 'node:zlib';
import type { SchemaVersion } from '../../src/telemetry/subscriptions/vocabulary.ts';
import { type DecodedEvent, decodeStrictly } from '../../src/telemetry/testing/strict-decoder.ts';
import { extensions } from './packages.ts';
import type { Ended } from './run-thaw.ts';

/** One subscription of the fixture `telemetry-subscriber`; `mode` as its `receiver.cjs` has it. */
export interface Wanted {
  readonly port: number;
  readonly schemaVersion?: SchemaVersion;
  readonly types?: readonly ('platform' | 'function' | 'extension')[];
  readonly protocol?: 'HTTP' | 'TCP';
  readonly buffering?: {
    readonly maxItems?: number;
    readonly maxBytes?: number;
    readonly timeoutMs?: number;
  };
  readonly mode?: string;
  /** Of the Logs API. */
  readonly method?: 'PUT';
}

export interface Try {
  readonly label: string;
  readonly api: 'telemetry' | 'logs';
  readonly who?: 'itself' | 'stranger' | 'nobody' | 'garbage';
  /** A string is sent as it is. */
  readonly body: unknown;
}

export interface SubscriberOptions {
  readonly tries?: readonly Try[];
  readonly lateTries?: readonly Try[];
  readonly holds?: boolean;
}

/** The variable that tells the extension of this name what to do. */
export function subscriber(
  name: string,
  wanted: readonly Wanted[],
  options: SubscriberOptions = {},
): string[] {
  const subscriptions = wanted.map(({ port, mode, ...rest }) => {
    const subscription = subscriptionBody({ port, ...rest });
    return { api: isLogs(rest.schemaVersion) ? 'logs' : 'telemetry', port, subscription, mode };
  });
  const variable = name.replaceAll('-', '_').toUpperCase();
  return ['--env', `${variable}=${JSON.stringify({ subscriptions, ...options })}`];
}

/** The body of a subscribe request. */
export function subscriptionBody({
  port,
  schemaVersion = '2022-12-13',
  types = ['platform', 'function'],
  protocol = 'HTTP',
  buffering,
  method,
}: Wanted) {
  const destination =
    protocol === 'TCP'
      ? { protocol, port }
      : { protocol, URI: `http://sandbox.localdomain:${port}/from-lambda?a=b`, ...(method && { method }) };
  return { schemaVersion, types, destination, ...(buffering && { buffering }) };
}

/** Arguments of a run with the fixture under its own name. */
export function withSubscriber(wanted: readonly Wanted[], options?: SubscriberOptions): string[] {
  return [...extensions('telemetry-subscriber'), ...subscriber('telemetry-subscriber', wanted, options)];
}

export interface Delivery {
  /** Which of the extension's lives it belongs to: when that began, epoch milliseconds. */
  readonly life: number;
  readonly port: number;
  readonly protocol: 'HTTP' | 'TCP';
  readonly body: Buffer;
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What it was answered, or would have been. */
  readonly status?: number;
  /** The request's head, as an HTTP/1.0 server read it. */
  readonly head?: string;
}

/** Every body that the extension was delivered over the whole run, in the order of arrival. */
export function deliveries(ended: Ended, name = 'telemetry-subscriber'): Delivery[] {
  const prefix = `${name} delivered `;
  const packed = ended.told.lines('extension').filter((line) => line.startsWith(prefix));
  if (packed.length === 0)
    throw new Error(`${name} printed nothing of what it got; stderr:\n${ended.stderr}`);
  const bytes = Buffer.from(packed.map((line) => line.slice(prefix.length)).join(''), 'base64');
  const lines = gunzipSync(bytes).toString().split('\n').slice(0, -1);
  return lines.map((line) => {
    const { body, ...rest } = JSON.parse(line);
    return { ...rest, body: Buffer.from(body, 'base64') };
  });
}

/** The events that came to one port, by life; every byte has to pass the strict decoder. */
export function eventsByLife(
  all: readonly Delivery[],
  port: number,
  schemaVersion: SchemaVersion,
): DecodedEvent[][] {
  const lives = new Map<number, DecodedEvent[]>();
  for (const { life, body, protocol } of all.filter((delivery) => delivery.port === port)) {
    const events = decodeStrictly(schemaVersion, body, protocol);
    lives.set(life, [...(lives.get(life) ?? []), ...events]);
  }
  return [...lives.values()];
}

export function events(all: readonly Delivery[], port: number, schemaVersion: SchemaVersion): DecodedEvent[] {
  return eventsByLife(all, port, schemaVersion).flat();
}

/** What `thaw run --json` told of lost telemetry. */
export function recordsDropped(ended: Ended, name = 'telemetry-subscriber'): number {
  return ended.told
    .records('platform.logsDropped')
    .map((record) => record as { droppedRecords: number; reason: string })
    .filter(({ reason }) => reason.startsWith(`${name}: `))
    .reduce((sum, { droppedRecords }) => sum + droppedRecords, 0);
}

/** An event in brief, for comparisons: the same whoever tells it. */
export function brief({ time, type, record }: DecodedEvent): string {
  return `${time} ${type} ${JSON.stringify(record)}`;
}

function isLogs(schemaVersion: SchemaVersion | undefined): boolean {
  return schemaVersion === '2020-08-15' || schemaVersion === '2021-03-18';
}
