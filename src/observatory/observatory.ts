import { hash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../domain/principal.ts';
import { isLoopbackAddress } from '../foundation/address.ts';
import type { Clock } from '../foundation/clock.ts';
import type { EventQueue } from '../invoke/queue/event-queue.ts';
import type { Scheduler } from '../scheduler/scheduler.ts';
import type { SignedRequest } from '../sigv4/signed-request.ts';
import { exposition } from '../telemetry/metrics/exposition.ts';
import type { Metrics } from '../telemetry/metrics/metrics.ts';
import { answerJson, answerText } from './answer-json.ts';
import { environmentViews } from './environment-view.ts';
import type { MemoryReadings } from './memory-readings.ts';
import type { PackageDownloads } from './package-downloads.ts';
import { queueExposition } from './queue-exposition.ts';
import { schedulerExposition } from './scheduler-exposition.ts';
import type { ThrottleCounts } from './throttle-counts.ts';

export interface ObservatoryParts {
  readonly scheduler: Pick<Scheduler, 'live' | 'figures'>;
  readonly queue: Pick<EventQueue, 'figures'>;
  readonly metrics: Metrics;
  readonly memory: MemoryReadings;
  readonly throttles: ThrottleCounts;
  readonly downloads: PackageDownloads;
  /** @throws where the request's signature is not one of the account's or of a role's. */
  readonly authenticate: (request: SignedRequest) => Principal;
  readonly clock: Clock;
}

export const packagePrefix = '/_thaw/packages/';
const emptySha256 = hash('sha256', '');

/**
 * What the service shows of itself, to be read and not to be changed. That it is ready is told to
 * everybody; figures to this machine, whose programs could read them off its processes, and else to the account;
 * environments to the account.
 */
export class Observatory {
  readonly #parts: ObservatoryParts;

  constructor(parts: ObservatoryParts) {
    this.#parts = parts;
  }

  /** By path, as the service's one port mounts them. */
  get routes(): Readonly<
    Record<string, (req: IncomingMessage, res: ServerResponse) => void | Promise<void>>
  > {
    return {
      '/healthz': (_req, res) => answerJson(res, 200, { status: 'ready' }),
      '/metrics': (req, res) => this.#figures(req, res),
      '/_thaw/': (req, res) => this.#below(req, res),
    };
  }

  #figures(req: IncomingMessage, res: ServerResponse): void {
    if (!isLoopbackAddress(req.socket.remoteAddress ?? '') && !this.#isAccount(req)) {
      refuse(
        res,
        "Metrics are for this machine, or for requests signed with the account's keys. Scrape them through 127.0.0.1.",
      );
      return;
    }
    const { metrics, scheduler, throttles, queue } = this.#parts;
    const text = [
      exposition(metrics.view()),
      schedulerExposition(scheduler.figures(), throttles.list()),
      queueExposition(queue.figures()),
    ];
    answerText(res, 200, 'text/plain; version=0.0.4; charset=utf-8', text.join(''));
  }

  #below(req: IncomingMessage, res: ServerResponse): void | Promise<void> {
    const [path = ''] = (req.url ?? '').split('?');
    if (path.startsWith(packagePrefix)) return this.#parts.downloads.serve(req, res);
    if (path === '/_thaw/environments') return this.#environments(req, res);
    answerJson(res, 404, { message: `There is nothing at ${path.slice(0, 200)}.` });
  }

  #environments(req: IncomingMessage, res: ServerResponse): void {
    if (!this.#isAccount(req)) {
      refuse(res, "Environments are shown to requests signed with the account's keys.");
      return;
    }
    const { scheduler, memory } = this.#parts;
    answerJson(res, 200, { environments: environmentViews(scheduler.live(), memory) });
  }

  #isAccount(req: IncomingMessage): boolean {
    const { authenticate, clock } = this.#parts;
    const { method = '', url: rawUrl = '', headers } = req;
    try {
      const principal = authenticate({ method, rawUrl, headers, bodySha256: emptySha256, nowMs: clock() });
      return principal.kind === 'account';
    } catch {
      // Whoever it is, it is not the account.
      return false;
    }
  }
}

function refuse(res: ServerResponse, message: string): void {
  answerJson(res, 403, { message });
}
