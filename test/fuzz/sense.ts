// What makes a drawn scenario a sensible one: small numbers, times that fit its load, one of two where one is asked for.
import fc from 'fast-check'
import { Later, pick } from './draft.ts'
import type { Sense } from './from-schema.ts'
import { expressions, judged } from './judged.ts'
import {
  distributions,
  durationOrNone,
  keys,
  names,
  route,
  routes,
  time,
  traceFiles,
  traceRows,
  words,
} from './values.ts'

const int = (min: number, max: number) => fc.integer({ min, max })

/** A moment of the load, as a share of what the warm-up leaves of it. */
const moment = int(0, 99).map(
  (n) =>
    new Later(
      ({ warmupMs, endMs }) => `${Math.floor(warmupMs + ((endMs - warmupMs) * n) / 100)}ms`,
    ),
)
const stretch = (percents: fc.Arbitrary<number>) =>
  percents.map((n) => new Later(({ endMs }) => `${Math.max(1, Math.ceil((endMs * n) / 100))}ms`))

const skews = (...some: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...some),
    int(1, 900).map((s) => `-${s}s`),
  )

const breach = fc.array(fc.nat(9), { minLength: 1, maxLength: 2 }).map(
  (numbers) =>
    new Later(({ thresholds }) => {
      if (thresholds.length === 0) return []
      return [...new Set(numbers.map((n) => pick(thresholds, n)))]
    }),
)

export const SENSE: Sense = {
  meanings: [
    { at: /^name$/, is: fc.constantFrom('a', 'x 1', '人数统计', 'heartbeat-loss', 'v.1_2') },
    {
      at: /^start$/,
      is: fc.constantFrom(
        '2025-11-12',
        '2025-11-12T03:37:41+08:00',
        '2024-02-29T23:59Z',
        '1999-12-31T23:59:59.999-11:30',
        '0000-01-01',
        '9999-12-31T23:59:59Z',
      ),
    },
    { at: /^warmup$/, is: fc.oneof(stretch(int(1, 60)), fc.constant(0)) },
    { at: /^settle$/, is: fc.oneof(time(1, 90_000), fc.constantFrom('5s', '1m', '10m')) },
    { at: /^(thresholds|fingerprint)$/, is: judged },
    { at: /^alerts\.alert$/, is: names },
    { at: /^alerts\.expr$/, is: expressions },
    { at: /^alerts\.(for|expect\.firesWithin)$/, is: time(1_000, 60_000) },
    { at: /^expect\.breach$/, is: breach },
    {
      at: /^expect\.fingerprint$/,
      is: fc
        .boolean()
        .map(
          (isMissed) => new Later((a) => (isMissed && a.fingerprint.length > 0 ? 'missed' : 'met')),
        ),
    },
    { at: /^faults\..*\.name$/, is: names },
    { at: /^(faults\..*|windows)\.at$/, is: moment },
    { at: /^(faults\..*|windows)\.for$/, is: stretch(int(1, 120)) },
    { at: /^faults\..*\.every$/, is: stretch(int(4, 90)) },
    { at: /^faults\.heartbeat\.(loss|delay)\.route$/, is: route },
    { at: /^faults\..*\.route$/, is: routes },
    { at: /^faults\..*\.key$/, is: keys },
    { at: /^faults\..*\.(nth|first)$/, is: int(1, 12) },
    { at: /^faults\.clock\.skew\.offset$/, is: skews('-8h', '2m', '20m', '3d') },
    { at: /^faults\.clock\.skew\.jump$/, is: skews('70s', '-10m', '1h', '365d') },
    { at: /^load\.(arrivals|closed)\.for$/, is: time(1_000, 50_000) },
    { at: /^load\.ramp\.stages\.for$/, is: time(500, 20_000) },
    { at: /^load\.arrivals\.bursts\.every$/, is: time(2_000, 20_000) },
    { at: /^load\.arrivals\.bursts\.over$/, is: fc.oneof(fc.constant(0), time(1, 1_900)) },
    { at: /^load\.arrivals\.bursts\.from$/, is: durationOrNone },
    { at: /^load\.closed\.users$/, is: int(1, 6) },
    // Never idle: some hundreds of items each second for each of them.
    { at: /^load\.saturate\.connections$/, is: int(1, 3) },
    { at: /^load\.saturate\.for$/, is: time(200, 3_000) },
    { at: /^load\.closed\.think$/, is: distributions },
    { at: /^load\.trace\.file$/, is: traceFiles },
    { at: /^load\.trace\.rows$/, is: traceRows },
    { at: /^load\.trace\.scale$/, is: fc.constantFrom(0.1, 0.5, 1, 2.5) },
    { at: /^pipeline\.inference\.services$/, is: int(1, 4) },
    { at: /^pipeline\.inference\.tasks$/, is: int(1, 3) },
    { at: /^pipeline\.inference\.taskType$/, is: words.filter((word) => !/[/?#]/.test(word)) },
    { at: /^pipeline\.inference\.presign\.expiry$/, is: time(1_000, 604_800_000) },
    // What happens again and again: at every millisecond it would be all that happens.
    { at: /^pipeline\..*\.(every|sweep|idle)$/, is: time(100, 40_000) },
  ],
  choices: [
    { at: /^faults\.clock\.skew$/, oneOf: ['offset', 'jump'] },
    { at: /^faults\.latency$/, oneOf: ['add', 'replace'] },
    { at: /^faults\.object\.delete$/, oneOf: ['before', 'after'] },
    { at: /^load\.trace$/, oneOf: ['file', 'rows'] },
  ],
}
