// The virtual clock alone: its rate against a bare heap's with plain callbacks, and against fake-timers'.
import { pathToFileURL } from 'node:url'
import { createClock } from '@sinonjs/fake-timers'
import { must } from '../src/base/assert.ts'
import { Random } from '../src/base/random.ts'
import { VirtualClock } from '../src/worlds/virtual/clock.ts'
import { BareHeap } from './bare-heap.ts'
import type { Measured } from './measured.ts'

const ROUNDS = 5
/** Sleeps in ms, 0 to 1,000 as the hold model has it; drawn beforehand, so that only the clocks are timed. */
const DRAWS = 65_536
const random = new Random(1)
const SLEEP_MS = Float64Array.from({ length: DRAWS }, (_, i) => random.at('sleep', i) * 1_000)
const sleepMs = (n: number) => SLEEP_MS[n & (DRAWS - 1)] as number

/** The hold model: `pending` loops, each of which sleeps again and again, until `events` have fired. */
type Hold = (pending: number, events: number) => Promise<void>

const bareHeap: Hold = async (pending, events) => {
  const heap = new BareHeap()
  let n = 0
  const again = () => {
    if (n < events) heap.push(heap.nowUs + Math.ceil(sleepMs(n++) * 1_000), again)
  }
  for (let i = 0; i < pending; i++) again()
  heap.run()
}

const theClock: Hold = async (pending, events) => {
  const clock = new VirtualClock()
  let n = 0
  const loop = async () => {
    while (n < events) await clock.sleep(sleepMs(n++) * 1_000)
  }
  for (let i = 0; i < pending; i++) void loop()
  await clock.run()
}

/** Its clock knows whole milliseconds only. runAllAsync, because tickAsync is slower still (perf.md §1.2). */
const fakeTimers: Hold = async (pending, events) => {
  const clock = createClock(0, Number.POSITIVE_INFINITY)
  let n = 0
  const loop = async () => {
    while (n < events) await new Promise((resolve) => clock.setTimeout(resolve, sleepMs(n++)))
  }
  for (let i = 0; i < pending; i++) void loop()
  await clock.runAllAsync()
}

async function eventsPerSecond(hold: Hold, pending: number, events: number): Promise<number> {
  globalThis.gc?.()
  const startMs = performance.now()
  await hold(pending, events)
  return (events * 1_000) / (performance.now() - startMs)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return must(sorted[sorted.length >> 1], 'there are rounds')
}

interface Contender {
  readonly hold: Hold
  readonly pending: number
  /** Enough for half a second or more. */
  readonly events: number
}

const CONTENDERS = {
  heapAt10: { hold: bareHeap, pending: 10, events: 4_000_000 },
  clockAt10: { hold: theClock, pending: 10, events: 1_500_000 },
  heapAt1000: { hold: bareHeap, pending: 1_000, events: 2_000_000 },
  clockAt1000: { hold: theClock, pending: 1_000, events: 1_000_000 },
  fakeTimersAt1000: { hold: fakeTimers, pending: 1_000, events: 150_000 },
} satisfies Record<string, Contender>

type Rates = Record<keyof typeof CONTENDERS, number>

/** All contenders once, one after the other. */
async function round(share: number): Promise<Rates> {
  const rates: Record<string, number> = {}
  for (const [name, { hold, pending, events }] of Object.entries(CONTENDERS))
    rates[name] = await eventsPerSecond(hold, pending, events * share)
  return rates as Rates
}

export async function benchClock(): Promise<Measured[]> {
  await round(1 / 10)
  const rounds: Rates[] = []
  for (let i = 0; i < ROUNDS; i++) rounds.push(await round(1))
  const compare = (
    name: string,
    least: number,
    digits: number,
    ratio: (rates: Rates) => number,
  ) => {
    const measured = median(rounds.map(ratio))
    return {
      name,
      target: `≥ ${least.toFixed(digits)}`,
      measured: measured.toFixed(digits),
      ok: measured >= least,
    }
  }
  return [
    compare('clock ÷ bare heap, 10 pending', 0.2, 2, (r) => r.clockAt10 / r.heapAt10),
    compare('clock ÷ bare heap, 1,000 pending', 0.2, 2, (r) => r.clockAt1000 / r.heapAt1000),
    compare(
      'clock ÷ fake-timers 15.5, 1,000 pending',
      8,
      1,
      (r) => r.clockAt1000 / r.fakeTimersAt1000,
    ),
  ]
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) console.table(await benchClock())
