import { extensionFamilies, type Family, functionFamilies, type Summary } from './exposition-families.ts';
import type { MetricsView } from './metrics.ts';

type Labels = Readonly<Record<string, string>>;

/**
 * The Prometheus text exposition, format 0.0.4. Every family is declared, also where it has no series yet. A summary's
 * quantiles 0 and 1 are minimum and maximum, which are exact, as are `_sum` and `_count`.
 */
export function exposition(view: MetricsView): string {
  const functions = view.functions.map((figures) => ({ figures, labels: labelsOf(figures) }));
  const extensions = view.functions.flatMap((figures) =>
    figures.extensions.map((extension) => ({
      figures: extension,
      labels: { ...labelsOf(figures), extension: extension.name },
    })),
  );
  const lines = [
    ...functionFamilies.flatMap((family) => familyLines(family, functions)),
    ...extensionFamilies.flatMap((family) => familyLines(family, extensions)),
  ];
  return `${lines.join('\n')}\n`;
}

function labelsOf(figures: { readonly functionName: string; readonly functionVersion: string }): Labels {
  return { function: figures.functionName, version: figures.functionVersion };
}

function familyLines<Figures>(
  family: Family<Figures>,
  subjects: readonly { readonly figures: Figures; readonly labels: Labels }[],
): string[] {
  const { name, help, type } = family;
  const lines = [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`];
  for (const { figures, labels } of subjects) {
    if (family.type === 'summary')
      for (const series of family.of(figures))
        lines.push(...summaryLines(name, { ...labels, ...series.labels }, series.value));
    else
      for (const series of family.of(figures))
        lines.push(sampleLine(name, { ...labels, ...series.labels }, series.value));
  }
  return lines;
}

function summaryLines(name: string, labels: Labels, { distribution, scale }: Summary): string[] {
  const { count, sum, min, p50, p90, p99, max } = distribution;
  const quantiles = [
    ['0', min],
    ['0.5', p50],
    ['0.9', p90],
    ['0.99', p99],
    ['1', max],
  ] as const;
  return [
    ...quantiles.flatMap(([quantile, value]) =>
      value === undefined ? [] : [sampleLine(name, { ...labels, quantile }, value * scale)],
    ),
    sampleLine(`${name}_sum`, labels, sum * scale),
    sampleLine(`${name}_count`, labels, count),
  ];
}

function sampleLine(name: string, labels: Labels, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  // Without the residue of binary fractions that a change of unit leaves.
  return `${name}{${pairs.join(',')}} ${Number(value.toFixed(9))}`;
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
