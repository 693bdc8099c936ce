/** What a scraper of the text format 0.0.4 makes of it. Values are numbers, labels unescaped. */
export interface ParsedFamily {
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly samples: ParsedSample[];
}

export interface ParsedSample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Stricter than scrapers are: each family stands together, HELP and TYPE first; no series comes twice; counters are
 * called `_total` and only they; a summary has quantiles from 0 to 1, and a sum for every count.
 *
 * @throws where the text breaks a rule, with the line.
 */
export function parseExposition(text: string): Map<string, ParsedFamily> {
  if (!text.endsWith('\n')) throw new Error('the last line does not end');
  const families = new Map<string, ParsedFamily>();
  const seen = new Set<string>();
  let help: readonly [name: string, text: string] | undefined;
  let current: readonly [name: string, family: ParsedFamily] | undefined;
  for (const line of text.slice(0, -1).split('\n')) {
    const fail = (why: string): never => {
      throw new Error(`${why}: ${line}`);
    };
    const declared = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/.exec(line);
    if (declared !== null) {
      const [, keyword, name, rest] = declared as unknown as [string, string, string, string];
      if (keyword === 'HELP') {
        if (families.has(name) || help !== undefined) fail('a second HELP, or one without its TYPE');
        help = [name, unescaped(rest, /\\(?:\\|n)/g, fail)];
        continue;
      }
      if (help?.[0] !== name) fail('a TYPE without its HELP');
      if (rest !== 'counter' && rest !== 'gauge' && rest !== 'summary') return fail('an unknown type');
      if (name.endsWith('_total') !== (rest === 'counter')) fail('a name that does not fit its type');
      current = [name, { help: help![1], type: rest, samples: [] }];
      families.set(...current);
      help = undefined;
      continue;
    }
    const sample = parseSample(line, fail);
    if (current === undefined || help !== undefined) return fail('a sample without a family');
    const [name, { type, samples }] = current;
    const suffix = sample.name.startsWith(name) ? sample.name.slice(name.length) : fail('of another family');
    const allowed = type === 'summary' ? ['', '_sum', '_count'] : [''];
    if (!allowed.includes(suffix)) fail('a name the type does not have');
    const { quantile } = sample.labels;
    if ((quantile !== undefined) !== (type === 'summary' && suffix === '')) fail('a quantile out of place');
    if (quantile !== undefined && !(Number(quantile) >= 0 && Number(quantile) <= 1)) fail('not a quantile');
    if (type === 'counter' && sample.value < 0) fail('a negative counter');
    const series = JSON.stringify([sample.name, Object.entries(sample.labels).sort()]);
    if (seen.has(series)) fail('a series that was there before');
    seen.add(series);
    samples.push(sample);
  }
  return families;
}

function parseSample(line: string, fail: (why: string) => never): ParsedSample {
  const [, name, inner, value] =
    /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line) ??
    fail('not a sample');
  const labels: Record<string, string> = {};
  let rest = inner ?? '';
  while (rest !== '') {
    const [whole, label, escaped, comma] =
      /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"(,|$)/.exec(rest) ?? fail('malformed labels');
    if (label! in labels) fail('a label comes twice');
    labels[label!] = unescaped(escaped!, /\\(?:\\|n|")/g, fail);
    rest = rest.slice(whole.length);
    if (comma === ',' && rest === '') fail('a comma at the end');
  }
  return { name: name!, labels, value: Number(value) };
}

function unescaped(text: string, known: RegExp, fail: (why: string) => never): string {
  if (text.replace(known, '').includes('\\')) fail('an unknown escape');
  return text.replace(known, (pair) => (pair === '\\n' ? '\n' : pair.slice(1)));
}
