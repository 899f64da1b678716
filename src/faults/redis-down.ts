// Redis is gone: connections are cut and refused, and what it had not written to disk is lost.
import { z } from 'zod'
import { REDIS_NAME } from '../worlds/world.ts'
import { countGone } from './count-gone.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({ kind: z.literal('redis.down'), ...timing })

export const redisDown = defineFault({
  kind: 'redis.down',
  help: 'Redis refuses connections until healed; unless it persists, its jobs are lost',
  options,
  hands: ['part'],
  describe: () => 'Redis down',
  targets: () => ({ hosts: [REDIS_NAME] }),
  hold(_options, hands, evidence) {
    const held = hands.part(REDIS_NAME).stop()
    return {
      [Symbol.dispose]() {
        countGone(evidence, held.gone())
        const [kept, refused] = [held.kept(), held.refused()]
        evidence.touched = (evidence.touched ?? 0) + kept + refused
        evidence.refused = (evidence.refused ?? 0) + refused
        if (kept > 0) evidence.jobsKept = (evidence.jobsKept ?? 0) + kept
        held[Symbol.dispose]()
      },
    }
  },
})
