// Data files that a scenario names: traces of arrivals and measured times, read beside the scenario.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BadInputError } from '../base/errors.ts'
import { asRaw, type Raw } from './merge.ts'

type Place = (path: readonly PropertyKey[]) => string

/** Replaces `{dist: empirical, file}` and `{kind: trace, file}` by the same with their data in them. */
export async function inlineFiles(raw: Raw, folder: string, place: Place, path: readonly PropertyKey[] = []): Promise<Raw> {
  const entries = await Promise.all(
    Object.entries(raw).map(async ([key, value]): Promise<[string, unknown]> => {
      const at = [...path, key]
      if (Array.isArray(value))
        return [key, await Promise.all(value.map((v, i) => inlineValue(v, folder, place, [...at, i])))]
      return [key, await inlineValue(value, folder, place, at)]
    }),
  )
  const copy = Object.fromEntries(entries)
  if (typeof copy.file !== 'string') return copy
  if (copy.dist === 'empirical') return { ...copy, values: times(await read(copy.file, folder, place, path)) }
  if (copy.kind === 'trace') return { ...copy, rows: rows(await read(copy.file, folder, place, path), copy.file) }
  return copy
}

async function inlineValue(value: unknown, folder: string, place: Place, path: readonly PropertyKey[]): Promise<unknown> {
  const inside = asRaw(value)
  return inside === undefined ? value : inlineFiles(inside, folder, place, path)
}

async function read(file: string, folder: string, place: Place, path: readonly PropertyKey[]): Promise<string> {
  try {
    return await readFile(resolve(folder, file), 'utf8')
  } catch (error) {
    throw new BadInputError(`${place([...path, 'file'])}: cannot read '${file}'`, 'Paths are relative to the scenario.', error)
  }
}

/** One a line; a bare number is milliseconds. */
function times(text: string): string[] {
  return lines(text).map((line) => (/^[\d.]+$/.test(line) ? `${line}ms` : line))
}

interface Recorded {
  readonly ms: number
  readonly count: number | undefined
}

/** CSV with or without a heading, or NDJSON; counts cover the time up to the next row. */
function rows(text: string, file: string): Raw[] {
  const [first = '', ...rest] = lines(text)
  const read = first.startsWith('{') ? fromJson : fromCsv
  const heading = first.startsWith('{') || read(first) !== undefined ? [first] : []
  const recorded = [...heading, ...rest].map((line, i) => {
    const row = read(line)
    if (row === undefined) throw new BadInputError(`${file}: line ${i + 2 - heading.length}: '${line}' is not a time, or a time and a count`)
    return row
  })
  recorded.sort((a, b) => a.ms - b.ms)
  const zero = recorded[0]?.ms ?? 0
  return recorded.map(({ ms, count }, i) => {
    const nextMs = recorded[i + 1]?.ms ?? ms + (ms - (recorded[i - 1]?.ms ?? ms - 1_000))
    return count === undefined ? { at: ms - zero } : { at: ms - zero, count, over: Math.max(1, nextMs - ms) }
  })
}

function fromCsv(line: string): Recorded | undefined {
  const [time = '', count] = line.split(/[,;\t]/).map((cell) => cell.trim())
  return recordedOf(time, count)
}

function fromJson(line: string): Recorded | undefined {
  try {
    const row = JSON.parse(line) as { time?: string | number; at?: string | number; count?: number }
    return recordedOf(String(row.time ?? row.at ?? ''), row.count === undefined ? undefined : String(row.count))
  } catch {
    return undefined
  }
}

function recordedOf(time: string, count: string | undefined): Recorded | undefined {
  // Numbers are seconds, of the run or since the epoch; anything else is a date.
  const ms = time === '' ? Number.NaN : /^\d+(\.\d+)?$/.test(time) ? Number(time) * 1_000 : Date.parse(time)
  const items = count === undefined || count === '' ? undefined : Number(count)
  if (Number.isNaN(ms) || (items !== undefined && !(Number.isInteger(items) && items >= 0))) return undefined
  return { ms, count: items }
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'))
}
