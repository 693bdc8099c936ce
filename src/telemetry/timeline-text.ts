import { durationText } from './duration-text.ts';
import { cut, printable, wrapped } from './fit-text.ts';
import { paint, type TextStyle } from './text-style.ts';
import type { TimelineView } from './timeline.ts';
import { Fold, isFailed, type Section } from './timeline-fold.ts';
import { forInvocation, isTroubled } from './timeline-phase.ts';
import { pictureLines } from './timeline-picture.ts';
import { sentenceOf } from './timeline-sentences.ts';

/**
 * The timeline as text: a picture with a column per phase (each with an axis of its own, its real duration above it)
 * and a row per process, then a sentence per phase that says who was waited for. Lines are at most `style.width`
 * characters (60 at least); the same story gives the same text. Empty where nothing happened.
 */
export function timelineText(view: TimelineView, style: TextStyle): string {
  if (view.sections.length === 0) return '';
  return [
    title(view, style),
    ...pictureLines(view, style),
    ...sentenceLines(view, style),
    ...totalLines(view, style),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

function title(view: TimelineView, style: TextStyle): string {
  const name =
    view.functionName === ''
      ? 'Timeline'
      : `Timeline of ${cut(printable(view.functionName, style), 64, style)}`;
  const invocations = `${view.invocations} invocation${view.invocations === 1 ? '' : 's'}`;
  const failed =
    view.failedInvocations === 0 ? '' : paint(`, ${view.failedInvocations} failed`, 'bad', style);
  return `${paint(name, 'bold', style)}: ${invocations}${failed}, ${durationText(view.endMs - view.startMs)} in all`;
}

function sentenceLines(view: TimelineView, style: TextStyle): string[] {
  const told = view.sections
    .map((section) => ({ section, label: labelOf(section), sentence: printable(sentenceOf(section), style) }))
    .filter(
      ({ section, sentence }) =>
        sentence !== '' || !(section instanceof Fold || section.findings.length === 0),
    );
  const labelWidth = Math.max(...told.map(({ label }) => label.length), 0);
  const durations = told.map(({ section }) => durationText(section.endMs - section.startMs));
  const durationWidth = Math.max(...durations.map((duration) => duration.length), 0);
  const indent = labelWidth + durationWidth + 4;
  return told.flatMap(({ section, label, sentence }, index) => {
    const head = `${label.padEnd(labelWidth)}  ${durations[index]!.padStart(durationWidth)}  `;
    const findings =
      section instanceof Fold ? [] : section.findings.map((finding) => printable(finding, style));
    const texts = [sentence, ...findings].filter((text) => text !== '');
    const lines = texts.flatMap((text) => wrapped(text, style.width - indent));
    const ink = isFailed(section) || (!(section instanceof Fold) && isTroubled(section)) ? 'bad' : 'plain';
    return lines.map((line, at) => (at === 0 ? head : ' '.repeat(indent)) + paint(line, ink, style));
  });
}

/** What each process cost: the time that only it was waited for. Bounded like the view's totals. */
function totalLines(view: TimelineView, style: TextStyle): string[] {
  const indent = '  ';
  const totals = [...view.totals].map(([name, { initMs, invokeMs }]) => {
    const parts = [
      ...(initMs > 0 ? [`init ${durationText(initMs)}`] : []),
      ...(invokeMs > 0 ? [`invocations ${durationText(invokeMs)}`] : []),
    ];
    return `${name}: ${parts.join(', ')}`;
  });
  if (totals.length === 0) return [];
  const lines = totals.flatMap((total) => wrapped(printable(total, style), style.width - indent.length));
  return [
    '',
    paint('Time that only one process was waited for', 'bold', style),
    ...lines.map((line) => indent + line),
  ];
}

function labelOf(section: Section): string {
  if (section instanceof Fold)
    return section.first === 0 ? 'In between' : `Invoke #${section.first}-#${section.last}`;
  if (section.name === 'Invoke' && section.invocation !== undefined) return `Invoke #${section.invocation}`;
  return section.name + forInvocation(section);
}
