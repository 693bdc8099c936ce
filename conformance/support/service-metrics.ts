import { setTimeout as pause } from 'node:timers/promises';
import { type ParsedSample, parseExposition } from '../../src/telemetry/testing/parse-exposition.ts';

/** What a service's `/metrics` says at one moment. */
export class ServiceMetrics {
  readonly #samples: readonly ParsedSample[];

  constructor(text: string) {
    this.#samples = [...parseExposition(text).values()].flatMap(({ samples }) => samples);
  }

  /** Sum over the series that have these labels; undefined where there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
    const series = this.#samples.filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    );
    return series.length === 0 ? undefined : series.reduce((sum, { value }) => sum + value, 0);
  }
}

export async function readMetrics(url: string): Promise<ServiceMetrics> {
  const response = await fetch(`${url}/metrics`);
  if (response.status !== 200) throw new Error(`/metrics was answered ${response.status}`);
  return new ServiceMetrics(await response.text());
}

/** An invocation's report comes after its answer. Resolves with the metrics as soon as they fit. */
export async function untilMetrics(
  url: string,
  fits: (metrics: ServiceMetrics) => boolean,
  deadlineMs = 60_000,
): Promise<ServiceMetrics> {
  const endMs = performance.now() + deadlineMs;
  for (;;) {
    const metrics = await readMetrics(url);
    if (fits(metrics)) return metrics;
    if (performance.now() > endMs) throw new Error('the metrics did not become what was waited for in time');
    await pause(50);
  }
}
