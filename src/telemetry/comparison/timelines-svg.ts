import type { TimelineView } from '../timeline.ts';
import { Fold } from '../timeline-fold.ts';
import { type Part, type Phase, processKey, type Span, statesOf } from '../timeline-phase.ts';
import { waitedForAlone, waitsOf } from '../timeline-waits.ts';
import { amountText } from './amount-text.ts';
import { type Axis, axisMarks, pixelAt } from './axis.ts';
import { type Markup, markup } from './markup.ts';
import { type BothSides, type Side, sides } from './samples.ts';

const width = 1120;
const left = 150;
const right = width - 20;
const rowHeight = 22;
const headHeight = 40;
const gapHeight = 26;
/** A phase narrower than this has no room for its name. */
const narrowestNamed = 78;
const longestLabel = 22;
const runtimeKey = processKey('runtime', 'runtime');

/** Two lives on one axis, so that what takes longer is longer: a row for each process, its phases above. */
export function timelinesSvg(views: BothSides<TimelineView>): Markup {
  const lives = sides.map((side) => lifeOf(side, views[side]));
  const axis = { low: 0, high: Math.max(1, ...lives.map(({ lengthMs }) => lengthMs)) * 1.01, left, right };
  let top = 6;
  const drawn = lives.map((life) => {
    const picture = drawLife(life, axis, top);
    top += headHeight + life.rows.length * rowHeight + gapHeight;
    return picture;
  });
  const bottom = top - gapHeight + 6;
  return markup`<svg viewBox="0 0 ${width} ${bottom + 22}" role="img" aria-label="Two cold starts on one axis">${axisMarks(axis, 4, bottom, 'ms')}${drawn}</svg>`;
}

interface Life {
  readonly side: Side;
  readonly startMs: number;
  readonly lengthMs: number;
  /** When the caller had what it asked for, since the start. */
  readonly answeredMs: number | undefined;
  readonly phases: readonly Phase[];
  /** One for each process: the runtime first. */
  readonly rows: readonly { readonly key: string; readonly label: string }[];
}

function lifeOf(side: Side, { sections, startMs }: TimelineView): Life {
  const phases = sections.filter(
    (section): section is Phase => !(section instanceof Fold) && isShown(section),
  );
  const endMs = Math.max(startMs, ...phases.map((phase) => phase.endMs));
  const parts = phases.flatMap((phase) => [...phase.parts.values()]);
  const rows = new Map(
    parts
      .toSorted((a, b) => Number(b.kind === 'runtime') - Number(a.kind === 'runtime'))
      .map(({ name, kind }) => {
        const key = processKey(kind, name);
        return [key, { key, label: kind === 'internal' ? `${name} (internal)` : name }];
      }),
  );
  const answers = parts.flatMap(({ moments }) => moments.get('responded') ?? []);
  const answeredMs = answers[0] === undefined ? undefined : answers[0].timeMs - startMs;
  return { side, startMs, lengthMs: endMs - startMs, answeredMs, phases, rows: [...rows.values()] };
}

/** What follows the first invocation is no part of a cold start. */
function isShown({ name }: Phase): boolean {
  return name.endsWith(' init') || name === 'Invoke';
}

function drawLife(life: Life, axis: Axis, top: number): Markup {
  const { side, rows, phases, lengthMs, startMs, answeredMs } = life;
  const rowTop = top + headHeight;
  const height = rows.length * rowHeight;
  const heads = phases.map((phase) => {
    const from = pixelAt(axis, phase.startMs - startMs);
    const to = pixelAt(axis, phase.endMs - startMs);
    const duration = amountText(phase.endMs - phase.startMs, 'ms');
    const name =
      to - from < narrowestNamed
        ? markup``
        : markup`<text class="phase" x="${from + 4}" y="${rowTop - 8}">${phase.name}</text>`;
    return markup`<g><title>${phase.name}: ${duration}</title><rect class="stretch" x="${from}" y="${rowTop - 22}" width="${Math.max(0.5, to - from - 1)}" height="${height + 22}"/>${name}</g>`;
  });
  const bars = rows.map((row, index) => {
    const y = rowTop + index * rowHeight;
    const label = row.label.length > longestLabel ? `${row.label.slice(0, longestLabel - 1)}…` : row.label;
    const spans = phases.map((phase) => {
      const part = phase.parts.get(row.key);
      return part === undefined ? markup`` : drawPart(part, phase, startMs, axis, y);
    });
    const answer = row.key === runtimeKey ? drawAnswer(answeredMs, axis, y) : markup``;
    return markup`<text class="label" x="${left - 8}" y="${y + 15}">${label}</text>${spans}${answer}`;
  });
  const title = side === 'with' ? 'With the layers' : 'Without the layers';
  const account = `${answeredMs === undefined ? '' : `answer after ${amountText(answeredMs, 'ms')}, `}done after ${amountText(lengthMs, 'ms')}`;
  return markup`<g class="${side}"><text class="side" x="${left}" y="${top + 10}">${title}: ${account}</text>${heads}${bars}</g>`;
}

function drawAnswer(answeredMs: number | undefined, axis: Axis, y: number): Markup {
  if (answeredMs === undefined) return markup``;
  const x = pixelAt(axis, answeredMs);
  return markup`<path class="answer" d="M${x} ${y + 4}l6 7l-6 7l-6 -7z"><title>the answer, after ${amountText(answeredMs, 'ms')}</title></path>`;
}

function drawPart(part: Part, phase: Phase, startMs: number, axis: Axis, y: number): Markup {
  const states = statesOf(part, phase).filter(({ state }) => state !== 'absent');
  const alone = waitedForAlone(waitsOf(phase)).filter((span) => span.part === part);
  const bar = (span: Span, kind: string, inset: number, meaning: string) => {
    const from = pixelAt(axis, span.fromMs - startMs);
    const length = Math.max(0.8, pixelAt(axis, span.toMs - startMs) - from);
    return markup`<rect class="${kind}" x="${from}" y="${y + inset}" width="${length}" height="${rowHeight - 2 * inset}"><title>${part.name} ${meaning}: ${amountText(span.toMs - span.fromMs, 'ms')}</title></rect>`;
  };
  return markup`${states.map((span) =>
    span.state === 'working'
      ? bar(span, 'working', 4, 'working')
      : bar(span, 'waiting', 10, 'waiting for an event'),
  )}${alone.map((span) => bar(span, 'alone', 4, 'the only one waited for'))}`;
}
