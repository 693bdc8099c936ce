export interface Sample {
  readonly labels?: Readonly<Record<string, string>>;
  readonly value: number;
}

export const one = (value: number): Sample[] => [{ value }];

/** One metric in the Prometheus text exposition, format 0.0.4; it is declared also where it has no samples. */
export function family(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  samples: readonly Sample[],
): string {
  const lines = samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

/** No label's text here has a character that would have to be escaped. */
function labelsText(labels: Sample['labels']): string {
  if (labels === undefined) return '';
  return `{${Object.entries(labels).map(([name, text]) => `${name}="${text}"`)}}`;
}
