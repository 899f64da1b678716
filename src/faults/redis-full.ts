// Redis has no memory left, and evicts nothing: it answers OOM to every command that might need some.
import { z } from 'zod'
import { REDIS_NAME } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({ kind: z.literal('redis.full'), ...timing })

export const redisFull = defineFault({
  kind: 'redis.full',
  help: 'Redis answers OOM to what might need memory: nothing can be queued',
  options,
  hands: ['part'],
  describe: () => 'Redis full',
  targets: () => ({ hosts: [REDIS_NAME] }),
  hold(_options, hands, evidence) {
    const held = hands.part(REDIS_NAME).fill()
    return {
      [Symbol.dispose]() {
        evidence.touched = (evidence.touched ?? 0) + held.refused()
        held[Symbol.dispose]()
      },
    }
  },
})
