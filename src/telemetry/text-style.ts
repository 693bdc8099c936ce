/** How text for people is drawn. */
export interface TextStyle {
  /** Characters a line may have. */
  readonly width: number;
  /** False: ASCII only. */
  readonly unicode: boolean;
  readonly colour: boolean;
}

/** A pipe has no width: this one keeps its text the same everywhere. */
const pipeWidth = 120;
const narrowest = 60;
const widest = 200;

/** The style a stream can show, by its terminal and the locale (`LC_ALL`, else `LC_CTYPE`, else `LANG`). */
export function textStyleOf(
  stream: { readonly isTTY?: boolean; readonly columns?: number },
  env: Readonly<Record<string, string | undefined>>,
): TextStyle {
  const isTerminal = stream.isTTY === true && env.TERM !== 'dumb';
  const columns = (isTerminal && stream.columns) || pipeWidth;
  return {
    width: Math.min(widest, Math.max(narrowest, columns)),
    unicode: /utf-?8/i.test(env.LC_ALL || env.LC_CTYPE || env.LANG || ''),
    colour: isTerminal && !env.NO_COLOR,
  };
}

export type Ink = 'plain' | 'bold' | 'faint' | 'good' | 'warm' | 'bad' | 'cold';

const sgr: Readonly<Record<Exclude<Ink, 'plain'>, number>> = {
  bold: 1,
  faint: 2,
  bad: 31,
  good: 32,
  warm: 33,
  cold: 36,
};

export function paint(text: string, ink: Ink, style: TextStyle): string {
  if (!style.colour || ink === 'plain' || text === '') return text;
  return `\u001b[${sgr[ink]}m${text}\u001b[0m`;
}
