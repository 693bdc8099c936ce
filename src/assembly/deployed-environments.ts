import type { FunctionVersion } from '../domain/function-version.ts';
import { logStore } from '../domain/limits.ts';
import type { Logging } from '../domain/logging.ts';
import type { Environment } from '../environment/environment.ts';
import type { Clock } from '../foundation/clock.ts';
import type { MadeEnvironment } from '../scheduler/managed-environment.ts';
import type { StoryReader } from '../telemetry/hub.ts';
import { logMessage } from '../telemetry/log-message.ts';
import { LogWriter } from '../telemetry/log-store/log-writer.ts';
import type { DeployedFunction, DeployedFunctions } from './deployed-function.ts';
import { type EnvironmentGround, newEnvironmentNames } from './environment-ground.ts';

export interface DeployedEnvironmentsParts {
  /** Resolves when environments may run; none is made before. */
  readonly ready: () => Promise<void>;
  readonly functions: DeployedFunctions;
  readonly ground: EnvironmentGround;
  /** Directory of the log store. */
  readonly logsRoot: string;
  /** Who reads an environment's story besides the log store. */
  readonly readersOf: (environmentId: string, logging: Logging) => readonly StoryReader[];
  /** It is gone, and its story told. */
  readonly onEnded: (environmentId: string) => void;
  readonly clock: Clock;
  readonly onWarning: (message: string) => void;
}

/** Environments of what was deployed, each with those who read its story and with what it holds until its end. */
export class DeployedEnvironments {
  readonly #parts: DeployedEnvironmentsParts;
  readonly #live = new Set<Environment>();
  /** Ends under way or still to come; none rejects. */
  readonly #ends = new Set<Promise<void>>();

  constructor(parts: DeployedEnvironmentsParts) {
    this.#parts = parts;
  }

  /** @throws ServiceError where the function cannot run on this machine. */
  async make(version: FunctionVersion): Promise<MadeEnvironment> {
    const { ready, functions, ground, readersOf } = this.#parts;
    // Not in the time that its Init has.
    await ready();
    const prepared = await functions.prepare(version);
    const names = newEnvironmentNames(prepared);
    const log = this.#logWriter(prepared);
    const readers = [log.read, ...readersOf(names.id, prepared.spec.logging)];
    const environment = ground.environment(prepared, readers, names);
    this.#live.add(environment);
    const end = this.#end(names.id, environment, prepared, log).finally(() => this.#ends.delete(end));
    this.#ends.add(end);
    return { environment, ...names, expiresAtMs: prepared.credentialsExpireAtMs };
  }

  /** All of them: in order, with SHUTDOWN to the extensions, or without ceremony. What is under way fails. */
  end(how: 'shutdown' | 'kill'): void {
    // Whoever waits for the end of one hears of a failure to end it.
    for (const environment of this.#live) environment[how]().catch(() => {});
  }

  /** Resolves when what environments held is given back and their logs are written; they have to be closed before. */
  async close(): Promise<void> {
    await Promise.all(this.#ends);
  }

  async #end(
    id: string,
    environment: Environment,
    { release }: DeployedFunction,
    log: LogWriter,
  ): Promise<void> {
    // Whoever closes it hears of a failure to clear it away.
    await environment.closed.catch(() => {});
    this.#live.delete(environment);
    release();
    this.#parts.onEnded(id);
    await log.close();
  }

  #logWriter({ spec: { logging }, logGroupName: group }: DeployedFunction): LogWriter {
    const { logsRoot: root, clock, onWarning } = this.#parts;
    return new LogWriter({
      root,
      ...(group !== undefined && { group }),
      messageOf: (told) => logMessage(told, logging),
      limits: logStore,
      clock,
      onWarning,
    });
  }
}
