// Open model: items are due as recorded, by times or by counts per interval.
import { z } from 'zod'
import { count } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { defineLoad, follow } from './load.ts'

const row = z.union([
  z.strictObject({ at: z.number().min(0) }),
  z.strictObject({ at: z.number().min(0), count: z.int().min(0), over: z.number().positive() }),
])

const options = z
  .strictObject({
    kind: z.literal('trace'),
    file: z.string().min(1).optional().meta({
      description:
        'CSV (`time` or `time,count`) or NDJSON ({"time"} or {"time","count"}); seconds or ISO 8601',
    }),
    rows: z.array(row).optional().meta({ description: 'Filled from the file: milliseconds' }),
    scale: z
      .number()
      .positive()
      .max(10_000)
      .default(1)
      .meta({ description: 'Multiplies the number of items' }),
    limit: count.optional().meta({ description: 'At most so many items' }),
  })
  .refine((o) => o.rows !== undefined && o.rows.length > 0, {
    error: 'needs a `file` that holds at least one row',
  })

type Options = z.output<typeof options>

export const trace = defineLoad({
  kind: 'trace',
  help: 'open model: items arrive as a recorded trace says, scaled',
  options,
  describe: (o) =>
    `${expected(o)} recorded arrivals × ${o.scale} over ${formatDuration(length(o))}`,
  durationMs: length,
  expected,
  start: (o, driver) => follow(times(o), driver, (atMs) => driver.offer(atMs)),
})

function length(o: Options): number {
  return (o.rows ?? []).reduce((last, r) => Math.max(last, r.at + ('over' in r ? r.over : 1)), 0)
}

function expected(o: Options): number {
  const recorded = (o.rows ?? []).reduce((sum, r) => sum + ('count' in r ? r.count : 1), 0)
  return Math.min(o.limit ?? Number.POSITIVE_INFINITY, scaled(recorded, o))
}

/** 100 × 0.29 is a little less than 29. */
function scaled(recorded: number, { scale }: Options): number {
  return Math.floor(recorded * scale + 1e-9)
}

/** Scaling keeps the shape: the mth of the scaled items stands where the (m ÷ scale)th recorded one stood. */
function* times(o: Options): Generator<number> {
  const rows = [...(o.rows ?? [])].sort((a, b) => a.at - b.at)
  let recorded = 0
  let offered = 0
  for (const r of rows) {
    const items = 'count' in r ? r.count : 1
    const until = scaled(recorded + items, o)
    for (const first = offered; offered < until; offered++) {
      if (o.limit !== undefined && offered >= o.limit) return
      yield r.at + ('over' in r ? (r.over * (offered - first)) / Math.max(1, until - first) : 0)
    }
    recorded += items
  }
}
