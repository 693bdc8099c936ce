import { maxMeteredFunctions } from '../../domain/limits.ts';
import type { StoryReader } from '../hub.ts';
import { EnvironmentMetrics } from './environment-metrics.ts';
import { FunctionMetrics, type FunctionMetricsView, others } from './function-metrics.ts';

/** The JSON view. Durations in ms, memory in MiB, sizes in bytes, as the names say. */
export interface MetricsView {
  readonly functions: readonly FunctionMetricsView[];
}

/**
 * Figures by function version, gathered from the stories of any number of environments. In memory, bounded: beyond
 * `maxMeteredFunctions` function versions, and `maxMeteredExtensions` extensions of each, all further ones are added up
 * under one name.
 */
export class Metrics {
  readonly #functions = new Map<string, FunctionMetrics>();

  /** A reader for one environment's story; each environment needs its own. */
  reader(): StoryReader {
    return new EnvironmentMetrics((name, version) => this.#function(name, version)).read;
  }

  view(): MetricsView {
    return { functions: [...this.#functions.values()].map((each) => each.view()) };
  }

  #function(name: string, version: string): FunctionMetrics {
    const key = `${name}:${version}`;
    const isFull = this.#functions.size >= maxMeteredFunctions;
    if (isFull && !this.#functions.has(key) && name !== others) return this.#function(others, '');
    const figures = this.#functions.get(key) ?? new FunctionMetrics(name, version);
    this.#functions.set(key, figures);
    return figures;
  }
}
