// An upstream gets worse, and better again, over the time of day: its capacity and its speed move from stage to stage.
import { z } from 'zod'
import { glob, positiveDuration } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'

/** How often it moves; oftener where a stage is short. */
const STEP_MS = 5_000
const STEPS_PER_STAGE = 5

const factor = z.number().min(0.01).max(100)
const stage = z.strictObject({
  for: positiveDuration,
  capacity: factor.optional().meta({ description: 'Multiplies its concurrency' }),
  work: factor.optional().meta({ description: 'Multiplies the time of its work' }),
})

const options = z.strictObject({
  kind: z.literal('upstream.degrade'),
  ...timing,
  service: glob,
  stages: z.array(stage).min(1).meta({
    description:
      'Each moves in a straight line to its factors; the last stay. Default of each: as before',
  }),
})

type Options = z.output<typeof options>
interface Factors {
  readonly capacity: number
  readonly work: number
}

export const upstreamDegrade = defineFault({
  kind: 'upstream.degrade',
  help: "an upstream's capacity and speed move from stage to stage",
  options,
  needsHosts: true,
  hands: ['capacity', 'work'],
  describe(o) {
    const { capacity, work } = factorsAt(o, Number.POSITIVE_INFINITY)
    return `${o.service} degrades, in the end to capacity × ${capacity}, work × ${work}`
  },
  targets: (o) => ({ hosts: [o.service] }),
  hold(o, hands, evidence) {
    const names = hands.hosts(o.service)
    const stepMs = Math.min(STEP_MS, ...o.stages.map((s) => s.for / STEPS_PER_STAGE))
    let at: Factors = { capacity: 1, work: 1 }
    let held: ReturnType<typeof grip>[] = []
    const letGo = () => {
      for (const one of held) one[Symbol.dispose]()
    }
    const grip = (name: string, { capacity, work }: Factors) => {
      const slots = hands.capacity(name, capacity)
      const speed = hands.work(name, work)
      return {
        [Symbol.dispose]() {
          const changed = capacity === 1 ? 0 : slots.changed()
          const { times, addedMs } = speed.slowed()
          const slowed = work === 1 ? 0 : times
          evidence.touched = (evidence.touched ?? 0) + changed + slowed
          evidence.addedMs = (evidence.addedMs ?? 0) + addedMs
          slots[Symbol.dispose]()
          speed[Symbol.dispose]()
        },
      }
    }
    const ticks = hands.every(stepMs, (elapsedMs) => {
      const next = factorsAt(o, elapsedMs)
      if (next.capacity === at.capacity && next.work === at.work) return
      letGo()
      at = next
      held = names.map((name) => grip(name, next))
    })
    return {
      [Symbol.dispose]() {
        ticks[Symbol.dispose]()
        letGo()
      },
    }
  },
})

/** Where the stages have come to; beyond the last they stay. */
function factorsAt({ stages }: Options, elapsedMs: number): Factors {
  let from: Factors = { capacity: 1, work: 1 }
  let restMs = elapsedMs
  for (const { for: forMs, capacity = from.capacity, work = from.work } of stages) {
    const share = Math.min(1, restMs / forMs)
    if (share < 1)
      return {
        capacity: from.capacity + share * (capacity - from.capacity),
        work: from.work + share * (work - from.work),
      }
    from = { capacity, work }
    restMs -= forMs
  }
  return from
}
