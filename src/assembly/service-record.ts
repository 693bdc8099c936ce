import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isRunning, processName } from '../foundation/process-name.ts';

/** What a service writes down of itself, so that other verbs find it. Stays when it ends. */
export interface ServiceRecord {
  /** `<pid>-<start time>`: of a process that is gone, no other has it. */
  readonly process: string;
  readonly region: string;
  readonly accountId: string;
  /** `http://127.0.0.1:4574`; absent while it starts. */
  readonly url?: string;
}

export function writeServiceRecord(file: string, record: Omit<ServiceRecord, 'process'>): void {
  const draft = `${file}.draft`;
  const whole: ServiceRecord = { process: processName(), ...record };
  writeFileSync(draft, `${JSON.stringify(whole)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}

/** @returns undefined where no service was ever started. @throws where the file holds something else. */
export function readServiceRecord(file: string): ServiceRecord | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read: ${(error as Error).message}`);
  }
  const record = parse(text);
  if (record !== undefined) return record;
  throw new Error(
    `${file} does not hold what \`thaw up\` writes there. Remove it, and start the service anew.`,
  );
}

export function servicePid({ process }: ServiceRecord): number {
  return Number(process.split('-')[0]);
}

export function isServiceRunning({ process }: ServiceRecord): boolean {
  return isRunning(process);
}

function parse(text: string): ServiceRecord | undefined {
  let record: Partial<Record<keyof ServiceRecord, unknown>>;
  try {
    record = Object(JSON.parse(text));
  } catch {
    return undefined;
  }
  const { process, region, accountId, url } = record;
  if (typeof process !== 'string' || !/^\d+-\d+$/.test(process)) return undefined;
  if (typeof region !== 'string' || typeof accountId !== 'string') return undefined;
  if (url !== undefined && typeof url !== 'string') return undefined;
  return { process, region, accountId, ...(url !== undefined && { url }) };
}
