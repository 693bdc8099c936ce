/** A line of `thaw run --json`. */
export type Told = Log | Platform | Result;

interface Log {
  readonly time: string;
  readonly type: 'function' | 'extension';
  readonly record: string;
}

interface Platform {
  readonly time: string;
  readonly type: `platform.${string}`;
  readonly record: PlatformRecord;
}

interface Result {
  readonly time: string;
  readonly type: 'invocation.result';
  readonly record: ResultRecord;
}

/** Every field some platform event has; which event has which is what the tests are about. */
export interface PlatformRecord {
  readonly requestId?: string;
  readonly status?: string;
  readonly errorType?: string;
  readonly phase?: string;
  readonly name?: string;
  readonly state?: string;
  readonly events?: readonly string[];
  readonly metrics?: Readonly<Record<string, number>>;
  readonly spans?: readonly { readonly name: string; readonly durationMs: number }[];
}

export interface ResultRecord {
  readonly requestId: string;
  readonly status: string;
  readonly functionError?: string;
  readonly errorType?: string;
  readonly errorMessage?: string;
  readonly contentType: string;
  readonly streamed: boolean;
  readonly payloadEncoding?: string;
  // biome-ignore lint/suspicious/noExplicitAny: the function's own value; the test knows its shape.
  readonly payload: any;
}

/** What a whole run told, for assertions. */
export class Telling {
  readonly all: readonly Told[];

  constructor(all: readonly Told[]) {
    this.all = all;
  }

  /** The platform's events in brief: `initReport invoke error Extension.Crash`, in the order they were told. */
  get story(): string[] {
    return this.all.flatMap(({ type, record }) => {
      if (!type.startsWith('platform.') || typeof record === 'string') return [];
      const { phase, name, state, status, errorType } = record as PlatformRecord;
      const words = [type.slice('platform.'.length), phase, name, state, status, errorType];
      return [words.filter((word) => word !== undefined).join(' ')];
    });
  }

  get results(): readonly ResultRecord[] {
    return this.all.flatMap((told) => (told.type === 'invocation.result' ? [told.record] : []));
  }

  lines(type: 'function' | 'extension'): string[] {
    return this.all.flatMap((told) => (told.type === type ? [told.record as string] : []));
  }

  records(type: `platform.${string}`): PlatformRecord[] {
    return this.all.flatMap((told) => (told.type === type ? [told.record as PlatformRecord] : []));
  }

  /** The events that extensions printed, with what stands before them on their lines taken off. */
  get extensionEvents(): { readonly eventType: string; readonly shutdownReason?: string }[] {
    return this.lines('extension').flatMap((line) => {
      const json = /\{"eventType".*\}$/.exec(line)?.[0];
      return json === undefined ? [] : [JSON.parse(json)];
    });
  }
}
