// What rules ask for beside a call's own way: its caller hangs up, or its request arrives once more.
import type { Decision } from '../rules.ts'
import { Exchange, NO_PARAMS } from './exchange.ts'
import { Life } from './process.ts'
import type { Wire } from './wire.ts'

/** `us`: how long the request is on its way. */
export function besides(
  wire: Wire,
  x: Exchange,
  { aborts, repeats }: Decision<Exchange>,
  us: number,
): void {
  const { clock } = wire
  for (const { by, ms } of aborts)
    clock.schedule(
      clock.nowUs + ms * 1_000,
      () => {
        if (x.over) return
        by.touch('aborted', 1)
        wire.fail(x, 'aborted')
      },
      undefined,
    )
  for (const { by, ms } of repeats)
    clock.schedule(
      clock.nowUs + us + ms * 1_000,
      () => {
        by.touch('repeated', 1)
        arriveAgain(wire, x)
      },
      undefined,
    )
}

/** As another request: nobody waits for its answer. */
function arriveAgain(wire: Wire, x: Exchange): void {
  const nobody = new Life()
  nobody.dead = true
  const again = new Exchange(x.lane, x.key, x.item, nobody, wire.clock)
  again.arg = x.arg
  again.unusual().params = x.rare?.params ?? NO_PARAMS
  again.unusual().unheard = true
  x.lane.arrive(again)
}

/** Whether anything is to become of the call itself; else it goes its way as if there were no rule. */
export function isHeldUp({ hang, held, fail, reply, delays }: Decision<Exchange>): boolean {
  return [hang, held, fail, reply].some((one) => one !== undefined) || delays.length > 0
}
