import { amountText, rangeText, signedText } from './amount-text.ts';
import { distributionSvg } from './distribution-svg.ts';
import { figures, groupTitles } from './figures.ts';
import { type Markup, markup } from './markup.ts';
import type { ComparisonReport, FigureReport } from './report.ts';
import { reportStyle } from './report-style.ts';
import { differenceText } from './report-tables.ts';
import { addedLayers, notes } from './report-text.ts';
import { type BothSides, type EnvironmentSample, type Measurements, type Side, sides } from './samples.ts';
import type { Spread } from './spread.ts';
import { changeText, intervalText, isBeyondNoise } from './summary.ts';
import { timelinesSvg } from './timelines-svg.ts';

/** The report as one page that asks for nothing else: no script, no font, no picture from elsewhere. */
export function reportHtml(report: ComparisonReport, { pairs }: Measurements): string {
  const { subject, summary } = report;
  const title = `What it costs to run ${subject.functionName} with ${addedLayers(report).join(', ')}`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${reportStyle}</style>
</head>
<body>
<h1>${title}</h1>
<p class="summary">${summary}</p>
<p class="facts">${factsText(report)}</p>
${pairs.length === 0 ? markup`` : [figureTable(report), extensionTable(report), pictures(report, pairs)]}
<section class="notes">${notes(report).map((note) => markup`<p>${note}</p>`)}</section>
</body>
</html>
`;
  return page.text;
}

function factsText({ subject, pairs }: ComparisonReport): string {
  const own = subject.layers.without;
  const beside = own.length === 0 ? 'no other layers' : `also with ${own.join(', ')}`;
  return `${subject.runtime}, ${subject.memoryMiB} MiB, ${beside}; ${pairs} pairs of environments`;
}

function figureTable(report: ComparisonReport): Markup {
  const bytes = report.subject.packageBytes;
  const groups = Object.entries(groupTitles).map(([group, title]) => {
    const rows = report.figures.filter((figure) => figure.group === group).map(figureRow);
    return markup`<tr class="group"><th colspan="4">${title}</th></tr>${rows}`;
  });
  const size = markup`<tr><th>Package, unzipped</th>${sides.map((side) => markup`<td>${amountText(bytes[side], 'bytes')}</td>`)}<td>${signedText(bytes.with - bytes.without, 'bytes')}</td></tr>`;
  return markup`<section><h2>Figures</h2><div class="scroll"><table><thead><tr><th></th><th>without</th><th>with</th><th>difference</th></tr></thead><tbody>${groups}${size}</tbody></table></div></section>`;
}

function figureRow(figure: FigureReport): Markup {
  const { title, unit, values, verdict } = figure;
  return markup`<tr><th>${title}</th>${sides.map((side) => spreadCell(values?.[side], unit))}${differenceCell(figure, verdict)}</tr>`;
}

function differenceCell(figure: FigureReport, verdict: FigureReport['verdict']): Markup {
  if (!isBeyondNoise(figure)) return markup`<td class="quiet">${differenceText(figure, 'intervals')}</td>`;
  return markup`<td><span class="${verdict}">${changeText(figure)}</span> <small>${intervalText(figure)}</small></td>`;
}

function spreadCell(spread: Spread | undefined, unit: 'ms' | 'MB'): Markup {
  if (spread === undefined) return markup`<td class="quiet">–</td>`;
  const { median, p10, p90 } = spread;
  return markup`<td>${amountText(median, unit)} <small>${rangeText(amountText(p10, unit), amountText(p90, unit), ' – ')}</small></td>`;
}

function extensionTable({ extensions }: ComparisonReport): Markup {
  if (extensions.length === 0) return markup``;
  const rows = extensions.map(
    ({ name, init, invocation }) =>
      markup`<tr class="group"><th colspan="3">${name}</th></tr><tr><th>per cold start</th>${sides.map((side) => spreadCell(init[side], 'ms'))}</tr><tr><th>per warm invocation</th>${sides.map((side) => spreadCell(invocation[side], 'ms'))}</tr>`,
  );
  return markup`<section><h2>How long an extension alone was waited for</h2><div class="scroll"><table><thead><tr><th></th><th>without</th><th>with</th></tr></thead><tbody>${rows}</tbody></table></div></section>`;
}

function pictures(report: ComparisonReport, pairs: readonly BothSides<EnvironmentSample>[]): Markup {
  const views = { without: middleOf(pairs, 'without').cold.view, with: middleOf(pairs, 'with').cold.view };
  const distributions = figures.flatMap((figure) => {
    const values = {
      without: pairs.flatMap((pair) => figure.valuesOf(pair.without)),
      with: pairs.flatMap((pair) => figure.valuesOf(pair.with)),
    };
    if (values.without.length === 0 || values.with.length === 0) return [];
    return [distributionSvg(`${groupTitles[figure.group]}: ${figure.title}`, values, figure.unit)];
  });
  return markup`<section><h2>The median cold start of each side</h2>
<p class="legend"><span><i></i>the only one waited for</span><span><i class="half"></i>working</span><span><i class="thin"></i>waiting for an event</span><span><b>◆</b> the answer</span></p>
<figure>${timelinesSvg(views)}</figure></section>
<section><h2>Every value</h2><p class="legend">A dot is a value, the line their median; eight of ten lie in the band. ${report.pairs} pairs.</p>
<div class="grids">${distributions}</div></section>`;
}

/** The environment whose cold start took as long as half of them at most. */
function middleOf(pairs: readonly BothSides<EnvironmentSample>[], side: Side): EnvironmentSample {
  const samples = pairs.map((pair) => pair[side]).sort((a, b) => a.cold.coldStartMs - b.cold.coldStartMs);
  return samples[Math.floor((samples.length - 1) / 2)]!;
}
