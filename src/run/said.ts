// What processes of somebody else's wrote of items that went wrong: the lines of their output that name one.
import { closeSync, openSync, readSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import type { Output } from '../worlds/real/foreign/index.ts'
import type { Example, Said } from './result.ts'

const CHUNK_BYTES = 1 << 20
/** Of an item, from each process. */
const MOST_LINES = 3
/** Before it ended by itself: a stack and what stands above it. */
const LAST_LINES = 12
const MOST_ITEMS = 5
/** Of a line that is longer the middle is left out: who speaks stands at its start, what went wrong at its end. */
const WIDEST = 240
const KEPT_AT_START = 100

/** An item is named by its id, or by the id of its trace. */
export function saidOf(outputs: readonly Output[], examples: readonly Example[]): Said[] {
  const items = [...new Map(examples.map((one) => [one.item, one])).values()].slice(0, MOST_ITEMS)
  const read = outputs.map((output) => linesOf(output, items))
  const ofItems = items.flatMap(({ item }, i) =>
    read.flatMap(({ host, named }) => {
      const lines = named[i] ?? []
      return lines.length === 0 ? [] : [{ host, item, lines }]
    }),
  )
  const atEnd = read.flatMap(({ host, ended, last }) =>
    ended === undefined || last.length === 0 ? [] : [{ host, lines: last }],
  )
  return [...atEnd, ...ofItems]
}

function linesOf({ host, file, ended }: Output, items: readonly Example[]) {
  const names = items.map(nameOf)
  const named = items.map((): string[] => [])
  const last: string[] = []
  for (const line of linesIn(file)) {
    keep(last, line, LAST_LINES)
    for (const [i, name] of names.entries())
      if (name.test(line)) keep(named[i] ?? [], line, MOST_LINES)
  }
  return { host, ended, named, last }
}

/** A part of a longer number is another's. */
function nameOf({ item, traceparent }: Example): RegExp {
  const trace = traceparent?.split('-')[1]
  return new RegExp(`(?<!\\d)${item}(?!\\d)${trace === undefined ? '' : `|${trace}`}`)
}

/** The last ones: what went wrong stands there. */
function keep(lines: string[], line: string, most: number): void {
  const plain = stripVTControlCharacters(line).trimEnd()
  if (plain === '') return
  lines.push(narrow(plain))
  if (lines.length > most) lines.shift()
}

function narrow(line: string): string {
  if (line.length <= WIDEST) return line
  return `${line.slice(0, KEPT_AT_START)} … ${line.slice(KEPT_AT_START + 3 - WIDEST)}`
}

function* linesIn(file: string): Iterable<string> {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return
  }
  try {
    const decoder = new TextDecoder()
    const buffer = Buffer.alloc(CHUNK_BYTES)
    let rest = ''
    for (;;) {
      const size = readSync(descriptor, buffer, 0, CHUNK_BYTES, null)
      const text = rest + decoder.decode(buffer.subarray(0, size), { stream: size > 0 })
      const lines = text.split('\n')
      rest = size === 0 ? '' : (lines.pop() ?? '')
      yield* lines
      if (size === 0) return
    }
  } finally {
    closeSync(descriptor)
  }
}
