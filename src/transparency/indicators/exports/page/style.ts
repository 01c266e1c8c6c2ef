/** The look of the page: one column, light and dark, readable at 320 pixels, and on paper. Nothing is fetched. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbf9f4; --ink: #23201b; --soft: #635c51; --line: #d9d2c5; --accent: #8a2f1d; --tint: #f1ebdf;
  --serif: 'Iowan Old Style', 'Palatino Linotype', Palatino, 'URW Palladio L', P052, Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #1c1a17; --ink: #ece6da; --soft: #b9b0a1; --line: #464036; --accent: #f0a08c; --tint: #28251f; }
}
* { box-sizing: border-box; }
html { font: 100%/1.6 var(--sans); background: var(--paper); color: var(--ink); overflow-wrap: anywhere; }
body { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1, h2, h3 { font-family: var(--serif); font-weight: 600; line-height: 1.2; margin: 0; }
h1 { font-size: clamp(1.7rem, 6vw, 2.5rem); }
h2 { font-size: 1.45rem; }
h3 { font-size: 1.1rem; }
p, ul, dl, figure { margin: 0 0 1rem; }
a { color: var(--accent); text-underline-offset: 0.18em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
main:focus { outline: none; }
.skip { position: absolute; left: -100vw; }
.skip:focus { position: static; }
.kind { margin: 0; }
.kind, .soft, .asks, dt, .number { color: var(--soft); }
.lead { font-size: 1.12rem; margin-top: 0.8rem; }
.number { font-variant-numeric: tabular-nums; font-weight: 400; min-width: 1.3em; flex: none; }
h2:has(.number), h3:has(.number), nav a { display: flex; gap: 0.4em; }
nav { border: solid var(--line); border-width: 1px 0; padding: 1rem 0; }
nav h2 { font-size: 1.05rem; margin: 0 0 0.3rem; }
nav ul { columns: 17rem; column-gap: 2rem; list-style: none; padding: 0; }
nav ul:last-child { margin: 0; }
nav li { break-inside: avoid; }
nav a { padding: 0.15rem 0; text-decoration: none; }
nav .title { text-decoration: underline; }
main > section { padding: 2rem 0 1rem; border-top: 1px solid var(--line); }
main > section:first-child { border-top: 0; }
.guide h2 { font-size: 1.05rem; margin-bottom: 0.4rem; }
.guide ul { padding-left: 1.1rem; margin: 0; }
.asks { font-style: italic; margin: 0.2rem 0 0.6rem; }
.says { font: 1.22rem/1.5 var(--serif); }
figure { margin: 1.2rem 0; }
figcaption { font-weight: 600; margin-bottom: 0.4rem; }
svg { display: block; width: 100%; max-width: 27rem; height: auto; font-family: var(--sans); overflow: visible; }
svg .label { font-size: 12px; fill: var(--ink); }
svg .value { font-weight: 600; font-variant-numeric: tabular-nums; }
svg .tick { font-size: 10.5px; fill: var(--soft); }
svg .end { text-anchor: end; }
svg .middle { text-anchor: middle; }
svg .track { stroke: var(--line); stroke-width: 1.5; }
svg .one { stroke: var(--ink); stroke-width: 1.2; stroke-dasharray: 3 2; }
svg .whisker { stroke: var(--accent); stroke-width: 1.8; }
svg .dot { fill: var(--accent); stroke: var(--paper); stroke-width: 1; }
svg .hollow { fill: var(--paper); stroke: var(--accent); stroke-width: 1.5; }
svg .bar { fill: var(--accent); }
table { border-collapse: collapse; width: 100%; font-size: 0.94rem; line-height: 1.4; }
caption { text-align: left; font-weight: 600; padding: 0.4rem 0.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.5rem; border-top: 1px solid var(--line); }
th { font-weight: 400; }
thead th { font-weight: 600; background: var(--tint); border-top: 0; }
.numeral { overflow-wrap: normal; text-align: right; font-variant-numeric: tabular-nums; }
.figures { margin-bottom: 1.2rem; }
.scroll { overflow: auto; max-height: 24rem; border: 1px solid var(--line); margin-bottom: 1rem; }
.scroll th, .scroll td { overflow-wrap: normal; }
.scroll tbody .name { min-width: 8rem; overflow-wrap: anywhere; }
.scroll thead th { position: sticky; top: 0; }
.left-out { border-left: 4px solid var(--accent); background: var(--tint); padding: 0.5rem 0.8rem; }
dl { font-size: 0.94rem; border-top: 1px solid var(--line); padding-top: 0.6rem; }
dl div { display: flex; flex-wrap: wrap; gap: 0 1rem; padding: 0.1rem 0; }
dt { flex: 0 0 7.5rem; }
dd { flex: 1 1 14rem; margin: 0; min-width: 0; }
.missing { list-style: none; padding: 0; }
.missing li { margin-top: 1.2rem; }
.missing p { margin: 0.1rem 0; }
footer { border-top: 1px solid var(--line); padding-top: 1rem; color: var(--soft); font-size: 0.94rem; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --accent: #6b2416; --tint: #f3f3f3; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  .skip { display: none; }
  .scroll { max-height: none; overflow: visible; border: 0; }
  .scroll thead th { position: static; }
  h2, h3, figcaption, caption { break-after: avoid; }
  figure, tr, li, dl div { break-inside: avoid; }
  svg { max-width: 9cm; }
}
`
