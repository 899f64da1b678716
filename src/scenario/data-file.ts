// Data files that a scenario names: traces of arrivals and measured times, read beside the scenario.
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readDuration } from '../base/units.ts'
import { asRaw, type Raw } from './merge.ts'
import type { Problem } from './problems.ts'
import type { Path } from './source.ts'

type Line = readonly [number: number, text: string]

/** Why a data file cannot be used. */
class Unusable extends Error {}

export class DataFiles {
  readonly #folder: string
  readonly #texts = new Map<string, Promise<string>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Gives `{dist: empirical, file}` its `values` and `{kind: trace, file}` its `rows`. */
  async inline(
    raw: Raw,
    path: Path = [],
  ): Promise<{ readonly raw: Raw; readonly problems: readonly Problem[] }> {
    const problems: Problem[] = []
    const inside = async (value: unknown, at: Path): Promise<unknown> => {
      if (Array.isArray(value)) return Promise.all(value.map((item, i) => inside(item, [...at, i])))
      const mapping = asRaw(value)
      if (mapping === undefined) return value
      const inner = await this.inline(mapping, at)
      problems.push(...inner.problems)
      return inner.raw
    }
    const entries = await Promise.all(
      Object.entries(raw).map(
        async ([key, value]) => [key, await inside(value, [...path, key])] as const,
      ),
    )
    const copy: Raw = Object.fromEntries(entries)
    const { file } = copy
    const add = copy.dist === 'empirical' ? asValues : copy.kind === 'trace' ? asRows : undefined
    if (add === undefined || typeof file !== 'string' || file === '') return { raw: copy, problems }
    try {
      return { raw: { ...copy, ...add(await this.#lines(file), file) }, problems }
    } catch (error) {
      if (!(error instanceof Unusable)) throw error
      problems.push({ path: [...path, 'file'], message: error.message })
      // Data of no meaning, so that whatever else is wrong is found as well.
      return {
        raw: { ...copy, ...(add === asValues ? { values: ['1ms'] } : { rows: [{ at: 0 }] }) },
        problems,
      }
    }
  }

  /** The lines that say something, with their numbers. */
  async #lines(file: string): Promise<readonly Line[]> {
    const text = await this.#text(file)
    const lines = text.split(/\r?\n/).map((line, i): Line => [i + 1, line.trim()])
    const telling = lines.filter(([, line]) => line !== '' && !line.startsWith('#'))
    if (telling.length === 0) throw new Unusable(`${file} holds nothing`)
    return telling
  }

  async #text(file: string): Promise<string> {
    const known = this.#texts.get(file) ?? readFile(resolve(this.#folder, file), 'utf8')
    this.#texts.set(file, known)
    return known.catch((error: NodeJS.ErrnoException) => {
      const why =
        error.code === 'ENOENT'
          ? 'there is no such file beside the scenario'
          : error.code === 'EISDIR'
            ? 'it is a directory'
            : error.message
      throw new Unusable(`cannot read '${file}': ${why}`)
    })
  }
}

/** One a line; a bare number is milliseconds. */
function asValues(lines: readonly Line[], file: string): Raw {
  return {
    values: lines.map(([number, line]) => {
      const text = /^\d+(\.\d+)?$/.test(line) ? `${line}ms` : line
      const read = readDuration(text)
      if ('ok' in read && read.ok >= 0) return text
      throw new Unusable(
        `${file}:${number}: ${'ok' in read ? `'${line}' is negative` : read.problem}`,
      )
    }),
  }
}

interface Recorded {
  readonly ms: number
  readonly count: number | undefined
}

/** CSV with or without a heading, or NDJSON; counts cover the time up to the next row. */
function asRows(lines: readonly Line[], file: string): Raw {
  const [, first = ''] = lines[0] ?? []
  const read = first.startsWith('{') ? fromJson : fromCsv
  const isHeading = !first.startsWith('{') && read(first) === undefined && /^[a-z]/i.test(first)
  const recorded = (isHeading ? lines.slice(1) : lines).map(([number, line]) => {
    const row = read(line)
    if (row !== undefined) return row
    throw new Unusable(
      `${file}:${number}: '${line}' is no row; write a time in seconds or ISO 8601, and after a comma a count`,
    )
  })
  if (recorded.length === 0) throw new Unusable(`${file} holds a heading and no rows`)
  recorded.sort((a, b) => a.ms - b.ms)
  const zero = recorded[0]?.ms ?? 0
  return {
    rows: recorded.map(({ ms, count }, i) => {
      const nextMs = recorded[i + 1]?.ms ?? ms + (ms - (recorded[i - 1]?.ms ?? ms - 1_000))
      return count === undefined
        ? { at: ms - zero }
        : { at: ms - zero, count, over: Math.max(1, nextMs - ms) }
    }),
  }
}

function fromCsv(line: string): Recorded | undefined {
  const [time = '', count, ...rest] = line.split(/[,;\t]/).map((cell) => cell.trim())
  return rest.length > 0 ? undefined : recordedOf(time, count)
}

function fromJson(line: string): Recorded | undefined {
  try {
    const row = JSON.parse(line) as { time?: string | number; at?: string | number; count?: number }
    return recordedOf(
      String(row.time ?? row.at ?? ''),
      row.count === undefined ? undefined : String(row.count),
    )
  } catch {
    return undefined
  }
}

/** Date.parse takes `x 1` for a day in 2001. */
const DATE = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)? ?(Z|[+-]\d\d:?\d\d)?)?$/

/** A number is seconds, of the run or since the epoch; anything else is a date. */
function recordedOf(time: string, count: string | undefined): Recorded | undefined {
  const ms = /^\d+(\.\d+)?$/.test(time)
    ? Number(time) * 1_000
    : DATE.test(time)
      ? Date.parse(time)
      : Number.NaN
  const items = count === undefined || count === '' ? undefined : Number(count)
  if (Number.isNaN(ms) || (items !== undefined && !(Number.isInteger(items) && items >= 0)))
    return undefined
  return { ms, count: items }
}
