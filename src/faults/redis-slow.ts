// Redis answers late: somebody runs KEYS on it, or its disk is busy.
import { z } from 'zod'
import { positiveDuration } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { REDIS_NAME } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({
  kind: z.literal('redis.slow'),
  ...timing,
  by: positiveDuration.meta({ description: 'How much longer every command takes' }),
})

export const redisSlow = defineFault({
  kind: 'redis.slow',
  help: 'every command to Redis takes longer',
  options,
  hands: ['part'],
  describe: (o) => `Redis slower by ${formatDuration(o.by)}`,
  targets: () => ({ hosts: [REDIS_NAME] }),
  hold(o, hands, evidence) {
    const held = hands.part(REDIS_NAME).slow(o.by)
    return {
      [Symbol.dispose]() {
        evidence.touched = (evidence.touched ?? 0) + held.slowed()
        evidence.addedMs = (evidence.addedMs ?? 0) + held.slowed() * o.by
        held[Symbol.dispose]()
      },
    }
  },
})
