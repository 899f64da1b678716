// Open model: items are due at a constant or Poisson rate, whatever becomes of those before. Bursts may come on top.
import { z } from 'zod'
import { count, duration, positiveDuration, rate } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { type Driver, defineLoad, follow } from './load.ts'

const bursts = z
  .strictObject({
    every: positiveDuration,
    size: count.meta({ description: 'Items of a burst; they come from one source' }),
    over: duration
      .default(0)
      .meta({ description: 'The time in which they come, shorter than `every`' }),
    from: duration.optional().meta({ description: 'The first burst; default: after one period' }),
  })
  .refine((b) => b.over < b.every, {
    error: 'a burst must be over before the next begins: `over` is shorter than `every`',
  })

const options = z.strictObject({
  kind: z.literal('arrivals'),
  rate,
  for: positiveDuration,
  process: z.enum(['constant', 'poisson']).default('constant'),
  bursts: bursts.optional(),
})

type Options = z.output<typeof options>

export const arrivals = defineLoad({
  kind: 'arrivals',
  help: 'open model: items arrive at a constant or Poisson rate, with or without bursts',
  options,
  describe: (o) => `${Number(o.rate.toPrecision(4))}/s ${o.process} for ${formatDuration(o.for)}`,
  durationMs: (o) => o.for,
  expected: (o) =>
    Math.round((o.rate * o.for) / 1_000) +
    (o.bursts === undefined ? 0 : burstCount(o) * o.bursts.size),
  start(o, driver) {
    follow(o.process === 'constant' ? constant(o) : poisson(o, driver), driver, (atMs) =>
      driver.offer(atMs),
    )
    if (o.bursts !== undefined) follow(burstTimes(o), driver, burstOffer(o, driver))
  },
})

/** The nth item is due at n ÷ rate: no error adds up. Not a generator: whole incidents are made of these. */
function constant({ rate: perSecond, for: forMs }: Options): Iterator<number> {
  const due = { done: false, value: -0 }
  let n = 0
  return {
    next() {
      due.value = (n++ * 1_000) / perSecond
      return due.value < forMs ? due : { done: true, value: undefined }
    },
  }
}

function* poisson({ rate: perSecond, for: forMs }: Options, driver: Driver): Generator<number> {
  let atMs = 0
  for (let n = 0; ; n++) {
    atMs += (-Math.log1p(-driver.random.at('arrival', n)) * 1_000) / perSecond
    if (atMs >= forMs) return
    yield atMs
  }
}

const firstBurst = ({ bursts: b }: Options) => b?.from ?? b?.every ?? 0

function burstCount(o: Options): number {
  return o.bursts === undefined
    ? 0
    : Math.max(0, Math.ceil((o.for - firstBurst(o)) / o.bursts.every))
}

function* burstTimes(o: Options): Generator<number> {
  for (let n = 0; n < burstCount(o); n++) {
    const { every = 0, size = 0, over = 0 } = o.bursts ?? {}
    for (let i = 0; i < size; i++) {
      const atMs = firstBurst(o) + n * every + (i * over) / size
      if (atMs < o.for) yield atMs
    }
  }
}

function burstOffer(o: Options, driver: Driver): (atMs: number) => void {
  const every = o.bursts?.every ?? 1
  return (atMs) => driver.offer(atMs, Math.floor((atMs - firstBurst(o)) / every))
}
