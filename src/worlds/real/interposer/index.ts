// The interposers of a run: a listener for every caller before every part it calls, and the rules they share.
import { ActiveRule, Rules } from '../../rules.ts'
import type { Evidence, Rule } from '../../world.ts'
import type { Exposure } from '../exposure.ts'
import type { Tell } from '../fact.ts'
import type { Routes } from '../routes.ts'
import type { CallStages } from '../stages.ts'
import type { RealTime } from '../time.ts'
import type { Dates } from './dates.ts'
import type { Entrance } from './entrance.ts'
import { Link } from './link.ts'
import type { Reachable } from './reach.ts'
import { StoreTimes } from './store-time.ts'
import { VanishedFolders } from './vanished-folders.ts'
import type { WireCall } from './wire-call.ts'

export interface InterposerSetup extends Reachable {
  readonly time: RealTime
  readonly stages: CallStages
  readonly routes: Routes
  readonly tell: Tell
  readonly catchUp: () => void
  readonly itemOf: (key: string) => number
  /** Of the processes that are not ours. */
  readonly dates: Dates
  /** Deletes a key from the store itself; false where there was nothing. */
  readonly remove: (key: string) => Promise<boolean>
  /** Something went wrong that is no call's failure. */
  readonly onTrouble: (error: unknown) => void
}

export interface LinkAddress {
  readonly from: string
  readonly to: string
  readonly port: number
}

export class Interposers implements Disposable {
  readonly rules: Rules<WireCall>
  readonly storeTimes = new StoreTimes()
  readonly vanishedFolders: VanishedFolders
  readonly #setup: InterposerSetup
  readonly #links: Link[] = []
  readonly #calls = new Map<string, number>()

  constructor(setup: InterposerSetup) {
    this.#setup = setup
    this.vanishedFolders = new VanishedFolders(() => setup.time.nowMs)
    this.rules = new Rules<WireCall>((call, afterMs, rule) => {
      const { time } = setup
      if (afterMs === 0) call.removals.push(this.#remove(call, rule))
      else time.schedule(time.nowMs + afterMs, () => void this.#remove(call, rule))
    })
  }

  async open(
    pairs: readonly (readonly [from: string, to: string])[],
    exposure: Exposure,
  ): Promise<LinkAddress[]> {
    const { onTrouble: _onTrouble, remove: _remove, ...shared } = this.#setup
    const setup = {
      ...shared,
      rules: this.rules,
      storeTimes: this.storeTimes,
      vanishedFolders: this.vanishedFolders,
      count: (...of: [string, string, string, number]) => this.#count(...of),
    }
    const opened: LinkAddress[] = []
    for (const [from, to] of pairs) {
      const link = new Link(from, to, setup)
      this.#links.push(link)
      opened.push({
        from,
        to,
        port: await link.entrance.listen(exposure.ports[`${from} ${to}`] ?? 0, exposure),
      })
    }
    return opened
  }

  /** For calls that come by another way than its listener. */
  entranceTo(from: string, to: string): Entrance | undefined {
    return this.#links.find((link) => link.from === from && link.to === to)?.entrance
  }

  /** Puts a rule on every link until it is disposed of. */
  addRule(rule: Rule, evidence: Evidence): Disposable {
    const active = new ActiveRule<WireCall>(rule, evidence)
    this.rules.active = [...this.rules.active, active]
    return {
      [Symbol.dispose]: () => {
        this.rules.active = this.rules.active.filter((other) => other !== active)
        for (const call of active.holding) if (!call.over) call.onward?.()
        active.holding.clear()
      },
    }
  }

  async #remove(call: WireCall, rule: ActiveRule<WireCall>): Promise<void> {
    const { remove, itemOf, tell, time, onTrouble } = this.#setup
    try {
      if (!(await remove(call.key))) return
    } catch (error) {
      onTrouble(error)
      return
    }
    rule.touch('removed', 1)
    this.vanishedFolders.removed(call.key)
    const { key } = call
    tell({ fact: 'object', atUs: time.nowUs, item: itemOf(key), state: 'gone', by: 'a fault', key })
  }

  #count(from: string, to: string, route: string, item: number): number {
    const name = item < 0 ? `${from} ${to} ${route}` : `${item} ${route}`
    const nth = (this.#calls.get(name) ?? 0) + 1
    this.#calls.set(name, nth)
    return nth
  }

  [Symbol.dispose](): void {
    for (const link of this.#links) link.entrance.close()
  }
}
