import { requireRoot } from '../sandbox/require-root.ts';
import type { ComparisonSubject } from '../telemetry/comparison/report.ts';
import type { Measurements } from '../telemetry/comparison/samples.ts';
import { ComparisonSeries, type SeriesPlan } from './comparison-series.ts';
import { openEnvironmentGround } from './environment-ground.ts';
import { type FunctionSettings, prepareFunction } from './prepare-function.ts';

/** What `thaw compare` is asked for, validated. */
export interface ComparisonOptions extends SeriesPlan {
  /** Of the side without the layers whose cost is asked for. */
  readonly settings: FunctionSettings;
  /** Come after the function's own. */
  readonly addedLayerPaths: readonly string[];
  readonly onWarning: (message: string) => void;
  /** Gives up what would have to wait. */
  readonly signal: AbortSignal;
}

/** Two versions of one function on one ground, side by side. */
export interface Comparison {
  readonly subject: ComparisonSubject;
  /** Runs the whole series, once. Undefined where it was interrupted. */
  measure(): Promise<Measurements | undefined>;
  /** Ends what is under way: the first time in order, then at once. */
  interrupt(): void;
  /** Gives back what the series stands on; it has to be over. */
  close(): Promise<void>;
}

/**
 * Wires both sides. Nothing of it runs yet.
 *
 * @throws ArtifactError where code, layers or the runtime's interpreter cannot be had; SandboxError where the host
 * cannot isolate.
 */
export async function assembleComparison(options: ComparisonOptions): Promise<Comparison> {
  requireRoot();
  const { settings, addedLayerPaths, onWarning } = options;
  const layers = { without: settings.layerPaths, with: [...settings.layerPaths, ...addedLayerPaths] };
  const prepared = {
    without: await prepareFunction(settings, onWarning),
    with: await prepareFunction({ ...settings, layerPaths: layers.with }, onWarning),
  };
  const ground = await openEnvironmentGround(onWarning, { signal: options.signal });
  const series = new ComparisonSeries(ground, prepared, options);
  const { functionName, runtime, memoryMiB } = prepared.without.spec;
  const packageBytes = { without: prepared.without.packageBytes, with: prepared.with.packageBytes };
  return {
    subject: { functionName, runtime, memoryMiB, layers, packageBytes },
    measure: () => series.run(),
    interrupt: () => series.interrupt(),
    close: () => ground.close(),
  };
}
