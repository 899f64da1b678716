// Two sides of the network cannot reach each other; what was sent goes on when it heals.
import picomatch from 'picomatch'
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { type Link, pass } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'
import { concerning } from './often.ts'

const side = z.union([glob, z.array(glob).min(1)])
const options = z.strictObject({
  kind: z.literal('partition'),
  ...timing,
  between: side.meta({ description: 'Hosts of one side' }),
  and: side.meta({ description: 'Hosts, upstreams or `objects` on the other' }),
})

const names = (s: string | readonly string[]): readonly string[] =>
  typeof s === 'string' ? [s] : s

export const partition = defineFault({
  kind: 'partition',
  help: 'two groups of hosts or parts cannot reach each other',
  options,
  describe: (o) => `${names(o.between).join(', ')} cut off from ${names(o.and).join(', ')}`,
  targets: (o) => ({ hosts: [...names(o.between), ...names(o.and)] }),
  rule(o) {
    const left = picomatch([...names(o.between)])
    const right = picomatch([...names(o.and)])
    const known = new Map<string, boolean>()
    const crosses = ({ from, to }: Link) => {
      const name = `${from} ${to}`
      let crossing = known.get(name)
      if (crossing === undefined) {
        crossing = (left(from) && right(to)) || (right(from) && left(to))
        known.set(name, crossing)
      }
      return crossing
    }
    return concerning(crosses, (call) => (crosses(call) ? { do: 'hold' } : pass))
  },
})
