// Closed model: so many virtual users, each offering its next item when the last one has ended.
import { z } from 'zod'
import { compileDistribution } from '../base/distribution.ts'
import { count, distribution, duration, positiveDuration } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { defineLoad } from './load.ts'

const options = z.strictObject({
  kind: z.literal('closed'),
  users: count.max(100_000),
  for: positiveDuration,
  think: distribution.prefault('1s').meta({ description: 'Time a user waits between two items' }),
  rampUp: duration.default(0).meta({ description: 'Users start spread over this time' }),
})

export const closed = defineLoad({
  kind: 'closed',
  help: 'closed model: virtual users, each waiting for its item before offering the next',
  options,
  describe: (o) => `${o.users} virtual users for ${formatDuration(o.for)}`,
  durationMs: (o) => o.for,
  expected: () => Number.NaN,
  thinkMs: (o) => compileDistribution(o.think).meanMs,
  start(o, driver) {
    const think = compileDistribution(o.think)
    for (let user = 0; user < o.users; user++) {
      let round = 0
      const next = () => {
        const dueMs = driver.nowMs()
        if (dueMs >= o.for) return
        const index = driver.offer(dueMs)
        const rest = () => {
          // Never zero: a user that does not think must still let time pass.
          const waitMs = Math.max(0.001, think.sample(driver.random.at('think', user, round++)))
          driver.at(driver.nowMs() + waitMs, next)
        }
        if (index < 0) rest()
        else driver.whenEnded(index, rest)
      }
      driver.at((user * o.rampUp) / o.users, next)
    }
  },
})
