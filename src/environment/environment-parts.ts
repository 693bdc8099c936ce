import type { EnvironmentSpec } from '../domain/environment-spec.ts';
import type { MountPlan } from '../domain/mount-plan.ts';
import type { StoryEvent } from '../domain/story.ts';
import type { Clock } from '../foundation/clock.ts';
import type { SandboxHost } from '../sandbox/driver.ts';
import type { InnerApiServer } from './inner-api/server.ts';

export interface EnvironmentParts {
  /** Unique among the live environments of this process; `[a-z0-9-]{1,32}`. */
  readonly id: string;
  readonly spec: EnvironmentSpec;
  readonly mounts: MountPlan;
  readonly cpus?: number;
  readonly egress: boolean;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** `http://host:port` of a service whose API the credentials open; where there is one. */
  readonly serviceUrl?: string;
  /** What INIT_START names; managed runtimes only. */
  readonly runtimeVersion?: { readonly name: string; readonly arn: string };
  /** What whoever reads the log has to know of how it was made. */
  readonly notices?: readonly string[];
  readonly sandboxes: SandboxHost;
  readonly innerApis: InnerApiServer;
  readonly clock: Clock;
  /** The one place to which this environment tells its story. */
  readonly tell: (event: StoryEvent) => void;
}
