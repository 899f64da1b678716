// Small values in all the forms that a scenario may write them: times, rates, distributions, names of what is there.
import fc from 'fast-check'
import { formatDuration } from '../../src/base/units.ts'
import { Later, pick } from './draft.ts'

/** Durations from `low` to `high` ms, each order of magnitude as likely as any other. */
export function time(low: number, high: number): fc.Arbitrary<string> {
  return fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.constantFrom(...FORMS))
    .map(([n, form]) => form(Math.round(low * (high / low) ** (n / 100))))
}

const FORMS: readonly ((ms: number) => string)[] = [
  (ms) => `${ms}ms`,
  (ms) => `${ms / 1_000}s`,
  (ms) => `${Math.floor(ms / 1_000)}s${ms % 1_000}ms`,
  (ms) => (ms % 60_000 === 0 ? formatDuration(ms) : `${ms}ms`),
]

export const durations = time(1, 60_000)
export const durationOrNone = fc.oneof(fc.constant(0), time(1, 9_000))

/** Items a second: a run is to have tens of them, not thousands. */
export const rates = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((n) => `${n / 10}/s`),
  fc.integer({ min: 6, max: 360 }).map((n) => `${n}/m`),
  fc.constantFrom('3600/h', '0.004/ms', '86400/d'),
)

export const words = fc.constantFrom(
  'a',
  'p 1',
  '人数统计',
  "it's",
  'queue full: oldest',
  'x_y-z.1',
  '🙂 and more',
  'SlowDown',
  'tab\tand\nline',
)

export const names = fc
  .tuple(fc.constantFrom('a', 'fault-1', '坏', 'x.y_z', 'blip', 'Ω'), fc.nat(40))
  .map(([name, n]) => `${name}${n}`)

const choose = (write: (all: readonly string[], n: number) => string, from: 'hosts' | 'routes') =>
  fc.nat(20).map((n) => new Later((around) => write(around[from], n)))

const one = (all: readonly string[], n: number) => pick(all, n) ?? 'nothing'
const begins = (all: readonly string[], n: number) => `${one(all, n).replace(/-?\d*$/, '')}*`
const either = (all: readonly string[], n: number) => `{${one(all, n)},${one(all, n + 1)}}`
const unlike = (all: readonly string[], n: number) => `!(${one(all, n)})`

export const host = choose(one, 'hosts')
export const hosts = fc.oneof(
  { weight: 3, arbitrary: host },
  { weight: 2, arbitrary: choose(begins, 'hosts') },
  choose(either, 'hosts'),
  choose(unlike, 'hosts'),
  fc.constant('*'),
)
export const route = choose(one, 'routes')
export const routes = fc.oneof(
  { weight: 4, arbitrary: route },
  choose(begins, 'routes'),
  choose(either, 'routes'),
)
export const keys = fc.nat(40).map(
  (n) =>
    new Later(({ keys: all }) => {
      const key = pick(all, n) ?? 'nothing'
      return pick([key, key.replace(/[^/]*$/, '*'), '**/*.jpg', '**', key.replace('0', '?')], n)
    }),
)

const p99 = (factor: fc.Arbitrary<number>) =>
  fc.tuple(fc.integer({ min: 1, max: 800 }), factor).map(([ms, by]) => ({
    low: `${ms}ms`,
    p99: `${Math.ceil(ms * by)}ms`,
  }))
const lognormalByMean = p99(fc.integer({ min: 11, max: 149 }).map((n) => n / 10)).map(
  ({ low, p99: high }) => ({ mean: low, p99: high }),
)
const lognormalByMedian = p99(fc.integer({ min: 2, max: 60 })).map(({ low, p99: high }) => ({
  p50: low,
  p99: high,
}))
const measured = fc.array(time(1, 3_000), { minLength: 1, maxLength: 5 })

const simple = fc.oneof(
  { weight: 3, arbitrary: time(1, 3_000) },
  fc.constant('0s'),
  durationOrNone.map((value) => ({ dist: 'constant', value })),
  fc
    .tuple(fc.integer({ min: 0, max: 900 }), fc.integer({ min: 1, max: 3_000 }))
    .map(([min, more]) => ({
      dist: 'uniform',
      min: min === 0 ? 0 : `${min}ms`,
      max: `${min + more}ms`,
    })),
  time(1, 1_000).map((mean) => ({ dist: 'exponential', mean })),
  fc
    .tuple(fc.oneof(lognormalByMean, lognormalByMedian), fc.boolean())
    .map(([of, isNamed]) => (isNamed ? { dist: 'lognormal', ...of } : of)),
  measured.map((values) => ({ dist: 'empirical', values: [...values, 0] })),
  measured.map((values) => ({
    dist: 'empirical',
    file: new Later(({ addFile }) => addFile(`# measured\n${values.join('\n')}\n7.5\n`)),
  })),
)

export const distributions: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: simple },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.record({ weight: fc.constantFrom(0.1, 1, 9), is: simple }), {
        minLength: 1,
        maxLength: 3,
      })
      .map((of) => ({ dist: 'mix', of })),
  },
)

const recorded = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 40_000 }), fc.option(fc.integer({ min: 0, max: 12 }))),
  { minLength: 2, maxLength: 8 },
)

export const traceFiles = fc
  .tuple(recorded, fc.constantFrom('csv', 'csv with a heading', 'ndjson', 'dates'))
  .map(([rows, form]) => new Later(({ addFile }) => addFile(traceText(rows, form))))

function traceText(rows: readonly (readonly [number, number | null])[], form: string): string {
  const lines = rows.map(([ms, count]) => {
    const at = form === 'dates' ? new Date(1.7e12 + ms).toISOString() : ms / 1_000
    if (form === 'ndjson')
      return JSON.stringify(count === null ? { time: at } : { time: at, count })
    return count === null ? `${at}` : `${at},${count}`
  })
  return `${form === 'csv with a heading' ? 'time,count\n' : ''}${lines.join('\n')}\n`
}

const at = fc.integer({ min: 0, max: 40_000 })
export const traceRows = fc.array(
  fc.oneof(
    at.map((ms) => ({ at: ms })),
    fc.record({
      at,
      count: fc.integer({ min: 0, max: 12 }),
      over: fc.integer({ min: 1, max: 9_000 }),
    }),
  ),
  { minLength: 1, maxLength: 8 },
)
