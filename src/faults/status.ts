// Calls are answered with an error status.
import { z } from 'zod'
import { defineFault, timing } from './fault.ts'
import { often, selected, selection } from './often.ts'

const options = z.strictObject({
  kind: z.literal('status'),
  ...timing,
  ...selection,
  status: z.int().min(400).max(599),
  code: z
    .string()
    .optional()
    .meta({ description: "The error's code: SlowDownRead, TooManyRequests" }),
  reached: z.boolean().default(false).meta({ description: 'Whether the call took effect first' }),
})

export const status = defineFault({
  kind: 'status',
  help: 'calls are answered with an error status',
  options,
  describe: (o) =>
    `${o.to ?? 'calls'} answered ${o.status}${o.code === undefined ? '' : ` ${o.code}`}`,
  targets: selected,
  meets: (o) => o,
  rule: (o, random) =>
    often(o, random, o.reached ? 'reply' : 'request', () => ({
      do: 'reply',
      status: o.status,
      ...(o.code === undefined ? {} : { code: o.code, body: { code: o.code } }),
    })),
})
