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
 * under one name. What is forgotten gives its place back.
 */
export class Metrics {
  readonly #functions = new Map<string, FunctionMetrics>();
  /** The sum of those beyond the limit; it takes no place itself. */
  #others: FunctionMetrics | undefined;

  /** A reader for one environment's story; each environment needs its own. */
  reader(): StoryReader {
    return new EnvironmentMetrics((name, version) => this.#function(name, version)).read;
  }

  /**
   * To be called when a version is deleted, or, without `version`, a whole function. What its environments still tell
   * counts nowhere; a function made anew under the name begins at zero.
   */
  forget(functionName: string, version?: string): void {
    for (const [key, figures] of this.#functions) {
      const isMeant = version === undefined || figures.functionVersion === version;
      if (figures.functionName === functionName && isMeant) this.#functions.delete(key);
    }
  }

  view(): MetricsView {
    const all = [...this.#functions.values(), ...(this.#others ? [this.#others] : [])];
    return { functions: all.map((each) => each.view()) };
  }

  #function(name: string, version: string): FunctionMetrics {
    const key = `${name}:${version}`;
    if (this.#functions.size >= maxMeteredFunctions && !this.#functions.has(key)) {
      this.#others ??= new FunctionMetrics(others, '');
      return this.#others;
    }
    const figures = this.#functions.get(key) ?? new FunctionMetrics(name, version);
    this.#functions.set(key, figures);
    return figures;
  }
}
