// Tables of the page: plain HTML that needs no styles to be read.
import { type Content, html, type Markup } from './markup.ts'

export interface Column {
  readonly name: string
  /** Figures stand to the right. */
  readonly isFigure?: boolean
}

/** `[verdict]` as a cell: the mark, and the word for those who do not see it. */
export type State = 'good' | 'bad' | 'open' | 'expected' | 'none'

const MARKS: Readonly<Record<State, readonly [mark: string, word: string]>> = {
  good: ['✓', 'met'],
  bad: ['✗', 'not met'],
  open: ['?', 'unknown'],
  expected: ['✗', 'breached, as expected'],
  none: ['', ''],
}

export function state(of: State, word = MARKS[of][1]): Markup {
  return html`<span class="state ${of}">${MARKS[of][0]}</span> ${word}`
}

/** Nothing where there are no rows. The first cell of a row heads it. */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Content[])[],
): Markup {
  if (rows.length === 0) return html``
  return html`<div class="wide" role="group" tabindex="0" aria-label="${caption}">
<table border="1" cellpadding="4" cellspacing="0"><caption align="left"><b>${caption}</b></caption>
<thead><tr>${columns.map(({ name, isFigure }) => html`<th scope="col"${isFigure === true && html` align="right"`}>${name}</th>`)}</tr></thead>
<tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, i) => {
      if (i === 0) return html`<th scope="row" align="left">${cell}</th>`
      return columns[i]?.isFigure === true
        ? html`<td align="right">${cell}</td>`
        : html`<td>${cell}</td>`
    })}</tr>
`,
  )}</tbody></table></div>`
}
