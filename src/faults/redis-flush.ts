// Somebody empties Redis: every job that waits in it is gone.
import { z } from 'zod'
import { REDIS_NAME } from '../worlds/world.ts'
import { countGone } from './count-gone.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({ kind: z.literal('redis.flush'), ...timing })

export const redisFlush = defineFault({
  kind: 'redis.flush',
  help: 'everything in Redis is deleted, as by FLUSHALL or DEL celery; nothing while it is down',
  options,
  instant: true,
  hands: ['part'],
  describe: () => 'Redis flushed',
  targets: () => ({ hosts: [REDIS_NAME] }),
  hold(_options, hands, evidence) {
    hands.part(REDIS_NAME).flush((gone) => countGone(evidence, gone))
    return { [Symbol.dispose]() {} }
  },
})
