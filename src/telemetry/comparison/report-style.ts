import { Markup } from './markup.ts';

/** Light and dark, screen and paper; every colour is named once. */
export const reportStyle = new Markup(`
:root { color-scheme: light dark;
  --page: #fcfcfb; --ink: #1c1f23; --faint: #666d76; --line: #dcdfe3; --panel: #f2f3f4;
  --without: #2f6fb5; --with: #c2571a; --more: #a8400c; --less: #1d7a3e; }
@media (prefers-color-scheme: dark) { :root {
  --page: #15181c; --ink: #e6e8ea; --faint: #9aa2ab; --line: #333940; --panel: #1e2329;
  --without: #6aa7e8; --with: #f0955a; --more: #f5a06b; --less: #6fcf8f; } }
@media print { :root { color-scheme: light; --page: #fff; --ink: #000; --faint: #555; --line: #ccc; --panel: #f4f4f4;
  --without: #2f6fb5; --with: #c2571a; --more: #a8400c; --less: #1d7a3e; }
  section, figure, tr { break-inside: avoid; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 72rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
p { margin: .5rem 0; max-width: 52rem; overflow-wrap: anywhere; }
.summary { font-size: 1.1rem; border-left: 4px solid var(--with); padding-left: .9rem; }
.facts, .notes, .legend { color: var(--faint); font-size: .875rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); vertical-align: baseline; }
thead th { color: var(--faint); font-weight: 500; }
tbody th { font-weight: 400; min-width: 8rem; }
tr.group th { font-weight: 600; padding-top: .9rem; overflow-wrap: anywhere; }
td small { color: var(--faint); white-space: nowrap; }
.more { color: var(--more); font-weight: 600; } .less { color: var(--less); font-weight: 600; } .quiet { color: var(--faint); }
.grids { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem; }
figure { margin: 0; background: var(--panel); border-radius: 6px; padding: .75rem; }
figcaption { font-size: .9rem; font-weight: 600; }
svg { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: var(--ink); }
.grid { stroke: var(--line); } .tick { fill: var(--faint); font-size: 11px; text-anchor: middle; } .end { text-anchor: end; }
.label { text-anchor: end; } .side { font-weight: 600; font-size: 13px; } .phase { fill: var(--faint); font-size: 11px; }
.without { --own: var(--without); } .with { --own: var(--with); }
circle { fill: var(--own); fill-opacity: .55; } .band { fill: var(--own); fill-opacity: .14; }
.median { stroke: var(--own); stroke-width: 2.5; }
.stretch { fill: var(--ink); fill-opacity: .045; }
.working { fill: var(--own); fill-opacity: .4; } .alone { fill: var(--own); } .waiting { fill: var(--faint); fill-opacity: .5; }
.answer { fill: var(--ink); stroke: var(--panel); }
.legend span { display: inline-block; margin-right: 1.25rem; }
.legend i { display: inline-block; width: 1.4rem; height: .7rem; margin-right: .4rem; background: var(--with); }
.legend i.half { opacity: .4; } .legend i.thin { height: 2px; background: var(--faint); vertical-align: middle; }
`);
