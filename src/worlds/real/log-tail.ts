// The last lines of a part's log: what it said before it failed.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'

const LAST_BYTES = 4_096
const MOST_LINES = 8
/** Of a line that is longer, the middle is left out: what went wrong stands at its end. */
const WIDEST = 160
const KEPT_AT_START = 60

/** Empty where there is no log, or nothing in it. */
export function lastLines(file: string): string[] {
  const lines = stripVTControlCharacters(lastBytes(file))
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '')
  return lines.slice(-MOST_LINES)
}

/** For the end of a message: the lines, indented, and where the rest is. */
export function quoted(file: string): string {
  const lines = lastLines(file)
  if (lines.length === 0) return ` (nothing in its log, ${file})`
  return `; the end of its log, ${file}:\n${lines.map((line) => `    ${narrow(line)}`).join('\n')}`
}

function narrow(line: string): string {
  if (line.length <= WIDEST) return line
  return `${line.slice(0, KEPT_AT_START)} … ${line.slice(KEPT_AT_START + 3 - WIDEST)}`
}

function lastBytes(file: string): string {
  try {
    const descriptor = openSync(file, 'r')
    try {
      const { size } = fstatSync(descriptor)
      const bytes = Buffer.alloc(Math.min(LAST_BYTES, size))
      readSync(descriptor, bytes, 0, bytes.length, size - bytes.length)
      return bytes.toString('utf8')
    } finally {
      closeSync(descriptor)
    }
  } catch {
    return ''
  }
}
