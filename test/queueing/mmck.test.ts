// M/M/c/K: a bounded queue loses what the blocking formula says, whether it drops the oldest, as the analyser's queue
// does, or refuses the newest, as a service's full backlog does. Only the waits of those served differ.
import { expect, test } from 'vitest'
import { must } from '../../src/base/assert.ts'
import type { Observer } from '../../src/metrics/history.ts'
import { average, inSystem, lossShare, waitDropNewest, waitDropOldest } from './formulas.ts'
import { expectMean, interval } from './intervals.ts'
import { asking, ms, of, runs, STEADY, steady, UNHURRIED, type Watch } from './runs.ts'
import { SERVICE_MS, station } from './station.ts'

const SLOTS = 2
const QUEUE = 2
/** The dispatcher pops an image and then waits for a slot with it: one place more than the queue, that drops nothing. */
const KEPT = 1
const PLACES = SLOTS + KEPT + QUEUE
const OLDEST = { slots: SLOTS, droppable: QUEUE, kept: KEPT }

const CASES = [
  { rho: 0.8, first: 1 },
  { rho: 1.2, first: 101 },
]

/** The same with a place fewer, as if the dispatcher kept none, and with another load. */
const wrong = (law: (places: number, load: number) => number, a: number) => ({
  'a place fewer': law(PLACES - 1, a),
  'a fifth less load': law(PLACES, 0.8 * a),
  'a fifth more load': law(PLACES, 1.2 * a),
})
const loss = (places: number, a: number) => lossShare(SLOTS, places, a)

/** Beside it what an image costs apart from its inference, some milliseconds, is a thousandth at most. */
const INFERENCE_MS = 10_000
/**
 * Scans find images in batches. The chain that takes its arrivals so loses more, by three thousandths of the loss with
 * five scans to a gap, and by less the higher the load.
 */
const SCANS_PER_GAP = 5

const ASKED = {
  lost: `item_discarded{${STEADY},class:dropped-oldest} rate`,
  waitMs: `part_wait{part:queue,${STEADY}} avg`,
  depth: `queue_depth{${STEADY}} avg`,
  utilisation: `part_utilisation{part:dispatcher,${STEADY}} avg`,
}

const pipelineFor = (a: number) =>
  ({
    services: 1,
    tasks: 1,
    concurrency: SLOTS,
    queue: { max: QUEUE },
    scan: { every: ms(INFERENCE_MS / a / SCANS_PER_GAP) },
    service: {
      inference: { dist: 'exponential', mean: ms(INFERENCE_MS) },
      concurrency: SLOTS,
      detections: 0,
    },
    // Nothing but the queue may lose an image, and what beats or cleans up has nothing to do.
    presign: { expiry: '7d' },
    call: { attempts: 1, timeout: '300d' },
    heartbeat: { every: '1d', timeout: '30d' },
    cleanup: { uploads: 1_000_000, idle: '300d', every: '300d' },
  }) as const

/** From the scan that found an image to the call that has it inferred, by the history: its whole wait. */
function watchWaits(): Watch<'wholeMs'> {
  let stored: number[] = []
  const queuedMs = new Map<number, number>()
  let sumMs = 0
  let count = 0
  const observer: Observer = (event) => {
    if (event.event !== 'call') return
    if (event.route === 'put' && event.item !== undefined) stored.push(event.item)
    if (event.route === 'list') {
      for (const item of stored) queuedMs.set(item, event.atMs)
      stored = []
    }
    if (event.route === 'infer' && event.item !== undefined) {
      sumMs += event.startMs - must(queuedMs.get(event.item), 'found before it is inferred')
      count++
    }
  }
  return { observer, figures: () => ({ wholeMs: sumMs / count }) }
}

const inferences = (waitsMs: readonly number[]) => waitsMs.map((waitMs) => waitMs / INFERENCE_MS)

test.each(CASES)(
  "the analyser's queue drops the oldest, ρ = $rho",
  UNHURRIED,
  async ({ rho, first }) => {
    const a = rho * SLOTS
    const load = steady({ load: a, serviceMs: INFERENCE_MS, measured: 1_500, warmup: 100 })
    const seen = await runs(asking(ASKED, load, pipelineFor(a)), { first, watch: watchWaits })
    expectMean(seen.lost, loss(PLACES, a), wrong(loss, a))
    const busy = (places: number, load: number) =>
      average(inSystem(SLOTS, places, load), (n) => Math.min(n, SLOTS)) / SLOTS
    expectMean(seen.utilisation, busy(PLACES, a), { idler: busy(PLACES, 0.9 * a) })
    const queued = (kept: number) => (places: number, load: number) =>
      average(inSystem(SLOTS, places, load), (n) => Math.max(0, n - SLOTS - kept))
    expectMean(seen.depth, queued(KEPT)(PLACES, a), {
      ...wrong(queued(KEPT), a),
      'none kept': queued(0)(PLACES, a),
    })
    // The queue's own figure ends when an image is popped, and leaves out its wait for a slot.
    const { droppable, whole } = waitDropOldest(OLDEST, a)
    const newest = waitDropNewest(SLOTS, PLACES, a)
    expectMean(inferences(seen.waitMs), droppable, { whole, newest })
    expectMean(inferences(seen.wholeMs), whole, { droppable, newest })
    expect(interval(inferences(seen.wholeMs)).high).toBeLessThan(newest)
  },
)

const STATION_ASKED = {
  lost: `item_rejected{${STEADY},class:connect-timeout} rate`,
  waitMs: `part_wait{part:service,${STEADY}} avg`,
}

test.each(CASES)(
  "a service's full backlog refuses the newest, ρ = $rho",
  UNHURRIED,
  async ({ rho, first }) => {
    const a = rho * SLOTS
    const load = steady({ load: a, serviceMs: SERVICE_MS, measured: 2_500, warmup: 100 })
    // Who is not let in at once gives up before a second try.
    const options = {
      slots: SLOTS,
      backlog: PLACES - SLOTS,
      time: { dist: 'exponential', mean: ms(SERVICE_MS) },
      patience: '1ms',
    }
    const seen = await runs(of(station, options, asking(STATION_ASKED, load)), {
      first: 200 + first,
    })
    expectMean(seen.lost, loss(PLACES, a), wrong(loss, a))
    const waits = seen.waitMs.map((waitMs) => waitMs / SERVICE_MS)
    const wait = (places: number, load: number) => waitDropNewest(SLOTS, places, load)
    expectMean(waits, wait(PLACES, a), {
      ...wrong(wait, a),
      oldest: waitDropOldest(OLDEST, a).whole,
    })
  },
)
