// Text for terminals: styles, and columns aligned by display width.
import { styleText } from 'node:util'
import stringWidth from 'string-width'

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'
export type Paint = (style: Style, text: string) => string

export function painter(color: boolean): Paint {
  return (style, text) => (color ? styleText(style, text, { validateStream: false }) : text)
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)))
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - stringWidth(text))) + text
}

/** Rows in columns; `right` names the columns that hold figures. */
export function columns(
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string[] {
  const widths: number[] = []
  for (const row of rows)
    row.forEach((cell, i) => {
      widths[i] = Math.max(widths[i] ?? 0, stringWidth(cell))
    })
  return rows.map((row) =>
    row
      .map((cell, i) =>
        right.includes(i) ? padStart(cell, widths[i] ?? 0) : pad(cell, widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  )
}

/** Cuts a line of plain text to a display width. */
export function clip(text: string, width: number): string {
  if (stringWidth(text) <= width) return text
  let short = ''
  for (const character of text) {
    if (stringWidth(short + character) > width - 1) break
    short += character
  }
  return `${short}…`
}

/** Breaks a line at its spaces where it is wider than that; what follows is indented. */
export function wrap(text: string, width: number, indent = ''): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<=\S)(?=\s)/)) {
    if (line.trim() === '' || stringWidth(line + word) <= width) line += word
    else {
      lines.push(line)
      line = indent + word.trimStart()
    }
  }
  return [...lines, line]
}
