// Markup in which every value is escaped unless it is markup itself: what a report quotes may be hostile.

/** Characters that turn the direction of what follows them. */
const TURNING = /[\u202A-\u202E\u2066-\u2069]/g

/** Text that is markup already. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Content = Markup | string | number | undefined | false | readonly Content[]

/** ``html`<td>${anything}</td>` `` */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return new Markup(parts.reduce((all, part, i) => `${all}${textOf(values[i - 1])}${part}`))
}

function textOf(content: Content): string {
  if (content === undefined || content === false) return ''
  if (content instanceof Markup) return content.text
  if (Array.isArray(content)) return content.map(textOf).join('')
  return escaped(String(content))
}

/** Control characters, and those that turn the direction of what follows, are shown as what they are: none of ours. */
export function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\P{Cc}]/gu, '\uFFFD')
    .replaceAll(TURNING, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** JSON that may stand within a script element. */
export function jsonInMarkup(data: unknown): Markup {
  return new Markup(
    JSON.stringify(data)
      .replaceAll('<', '\\u003c')
      .replaceAll(TURNING, '\uFFFD')
      .replaceAll('\u2028', '\\u2028')
      .replaceAll('\u2029', '\\u2029'),
  )
}
