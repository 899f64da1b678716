// The load stops: no new items are offered.
import { z } from 'zod'
import { defineFault, timing } from './fault.ts'

const options = z.strictObject({ kind: z.literal('load.stop'), ...timing })

export const loadStop = defineFault({
  kind: 'load.stop',
  help: 'no new items are offered',
  options,
  describe: () => 'load stopped',
  meets: () => 'items',
  hold(_o, hands, evidence) {
    const stopped = hands.stopLoad()
    return {
      [Symbol.dispose]() {
        evidence.touched = (evidence.touched ?? 0) + stopped.withheld()
        stopped[Symbol.dispose]()
      },
    }
  },
})
