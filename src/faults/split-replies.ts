// Answers arrive in pieces: the body some time after its head.
import { z } from 'zod'
import { compileDistribution } from '../base/distribution.ts'
import { distribution } from '../base/fields.ts'
import { type Link, pass } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'
import { concerning, draw, often, selected, selection } from './often.ts'

const options = z.strictObject({
  kind: z.literal('split-replies'),
  ...timing,
  ...selection,
  by: distribution.prefault('40ms').meta({ description: 'How long the body follows its head' }),
})

export const splitReplies = defineFault({
  kind: 'split-replies',
  help: 'answers arrive in two pieces, the body after its head',
  options,
  describe: (o) => `replies from ${o.to ?? 'everything'} in two pieces`,
  targets: selected,
  // Without a route some of its calls would be the store's own.
  meets: (o) => (o.route === undefined ? undefined : o),
  rule(o, random) {
    const time = compileDistribution(o.by)
    const split = often(o, random, 'reply', (call) => ({
      do: 'split',
      ms: time.sample(draw(random, call, 'split')),
    }))
    // The store's own operations end with their answer's head: there is nothing to split.
    const hasBody = ({ op }: Link) => op === 'http' || op === 'fetch'
    return concerning(
      (link, at) => hasBody(link) && split.concerns?.(link, at) !== false,
      (call, at) => (hasBody(call) ? split(call, at) : pass),
    )
  },
})
