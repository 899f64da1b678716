// The page's style: system fonts, light and dark, phone and paper.

export const STYLE = `
:root {
  color-scheme: light dark;
  --text: #1b2430; --dim: #4b5866; --page: #ffffff; --card: #f6f8fa; --line: #d0d7de;
  --good: #116329; --bad: #b3261e; --open: #7a4d00; --link: #0a58b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --text: #e6edf3; --dim: #a4b0bd; --page: #0f1419; --card: #171d24; --line: #323b45;
    --good: #56d364; --bad: #ff8d85; --open: #e3b341; --link: #79b8ff;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1rem; max-width: 62rem;
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Noto Sans", "Noto Sans SC", sans-serif;
  color: var(--text); background: var(--page);
}
header { border-left: .5rem solid var(--line); padding: .2rem 0 .2rem 1rem; margin-bottom: 1.5rem; }
header.pass { border-color: var(--good); }
header.fail { border-color: var(--bad); }
header.inconclusive { border-color: var(--open); }
header.pass h1 { color: var(--good); }
header.fail h1 { color: var(--bad); }
header.inconclusive h1 { color: var(--open); }
h1 { font-size: 1.7rem; margin: 0; }
h1 .names { color: var(--text); font-weight: 500; margin-left: .5rem; }
h2 { font-size: 1.35rem; margin: 2rem 0 .3rem; }
h3 { font-size: 1.15rem; margin: 0 0 .3rem; }
h1, h2, h3, p, li, figcaption, summary { overflow-wrap: anywhere; }
p { margin: .4rem 0; }
a { color: var(--link); }
code { font: .9em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
header code, article > p > code {
  display: inline-block; padding: .15rem .5rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 4px;
}
article {
  margin: 1.5rem 0; padding: 1rem; border: 1px solid var(--line); border-radius: 8px;
  scroll-margin-top: 1rem;
}
.wide { overflow-x: auto; margin: 1rem 0; }
.wide:focus-visible, figure:focus-visible, summary:focus-visible, a:focus-visible, .plot:focus-visible {
  outline: 2px solid var(--link); outline-offset: 2px;
}
table { border-collapse: collapse; border: 0; width: 100%; }
caption { caption-side: top; text-align: left; padding: .2rem 0 .4rem; }
th, td { border: 0; border-bottom: 1px solid var(--line); padding: .3rem .6rem; vertical-align: top; }
thead th { color: var(--dim); font-weight: 600; font-size: .87em; text-align: left; }
thead th[align=right], td[align=right] { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
tbody th { font-weight: 500; text-align: left; }
.state { font-weight: 700; }
.state.good { color: var(--good); }
.state.bad { color: var(--bad); }
.state.open { color: var(--open); }
.state.expected { color: var(--dim); }
figure { margin: 1.2rem 0; }
figcaption { font-weight: 600; margin-bottom: .2rem; }
figure { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 34rem; height: auto; color: var(--text); }
details { margin: 1rem 0; }
summary { cursor: pointer; font-weight: 600; }
.plot { position: relative; }
.plot .u-legend { font-size: .87em; text-align: left; }
.plot .u-legend th, .plot .u-legend td { border: 0; padding: .1rem .2rem; font-weight: 400; }
.hint { color: var(--dim); font-size: .85em; }
@media (max-width: 40rem) {
  body { padding: .6rem; font-size: 14px; }
  article { padding: .6rem; }
  h1 { font-size: 1.35rem; }
  h1 .names { display: block; margin: 0; }
  /* Tables scroll sideways rather than break their words into letters. */
  tbody th { min-width: 8rem; }
  tbody td:not([align=right]) { min-width: 9rem; }
}
@media print {
  :root { --text: #000; --dim: #333; --page: #fff; --card: #fff; --line: #999; --good: #0a5a1f; --bad: #8c1d18; --open: #5c3a00; }
  body { max-width: none; padding: 0; font-size: 11px; }
  article { border: 0; padding: 0; break-before: page; }
  figure, tr { break-inside: avoid; }
  .plot, .hint { display: none !important; }
  figure svg { display: block !important; min-width: 0; }
  details > :not(summary) { display: block; }
}
`
