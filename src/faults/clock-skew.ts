// A host's clock is wrong: by an offset while injected, or by steps that add up.
import { z } from 'zod'
import { glob, signedDuration } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { defineFault, timing } from './fault.ts'

const options = z
  .strictObject({
    kind: z.literal('clock.skew'),
    ...timing,
    host: glob.default('analyser'),
    offset: signedDuration
      .optional()
      .meta({ description: 'How far off its clock is while injected: -8h' }),
    jump: signedDuration
      .optional()
      .meta({ description: 'A step of its clock at each injection; steps add up' }),
    affects: z
      .enum(['all', 'presign'])
      .default('all')
      .meta({ description: 'The whole clock, or presigning only' }),
  })
  .refine((o) => (o.offset === undefined) !== (o.jump === undefined), {
    error: 'needs either `offset` or `jump`',
  })

/** The wall clock of a host is off; its monotonic clock is not. */
export const clockSkew = defineFault({
  kind: 'clock.skew',
  help: "a host's wall clock is off by an offset, or jumps",
  options,
  hands: ['clock'],
  describe: (o) =>
    `clock of ${o.host} off by ${formatDuration(o.offset ?? o.jump ?? 0)} (${o.affects})`,
  addsUp: (o) => o.jump !== undefined,
  presignSkewMs: (o) => o.offset ?? o.jump ?? 0,
  targets: (o) => ({ hosts: [o.host] }),
  hold(o, hands, evidence) {
    const ms = o.offset ?? o.jump ?? 0
    const hosts = hands.hosts(o.host).map((name) => hands.clock(name))
    const before = hosts.map((clock) => clock.wrongReads())
    const skews = hosts.map((clock) => clock.skew(ms, o.affects))
    evidence.skewMs = (evidence.skewMs ?? 0) + (o.jump === undefined ? 0 : ms)
    if (o.offset !== undefined) evidence.skewMs = ms
    return {
      [Symbol.dispose]() {
        const reads = hosts.reduce(
          (sum, clock, i) => sum + clock.wrongReads() - (before[i] ?? 0),
          0,
        )
        evidence.touched = (evidence.touched ?? 0) + reads
        for (const skew of skews) skew[Symbol.dispose]()
      },
    }
  },
})
