// The rules in force on the wire, what they hold up, and what they did.
import type { Evidence, Json, Rule, Stage } from '../world.ts'
import type { Exchange } from './exchange.ts'

/** What all rules together do to a call at a stage. */
export interface Decision {
  delayMs: number
  splitMs: number
  held: ActiveRule | undefined
  hang: ActiveRule | undefined
  fail: 'refused' | 'reset' | undefined
  reply: { readonly status: number; readonly code?: string; readonly body?: Json } | undefined
}

export class ActiveRule {
  readonly rule: Rule
  readonly evidence: Evidence
  /** Calls that this rule keeps from going on. */
  readonly holding = new Set<Exchange>()

  constructor(rule: Rule, evidence: Evidence) {
    this.rule = rule
    this.evidence = evidence
  }

  count(what: string, by: number): void {
    this.evidence[what] = (this.evidence[what] ?? 0) + by
  }
}

export class Rules {
  active: ActiveRule[] = []
  readonly #remove: (key: string, afterMs: number, rule: ActiveRule) => void

  constructor(remove: (key: string, afterMs: number, rule: ActiveRule) => void) {
    this.#remove = remove
  }

  /** Undefined where every rule lets the call pass: nothing is allocated then. */
  decide(call: Exchange, at: Stage): Decision | undefined {
    let decision: Decision | undefined
    for (const active of this.active) {
      const ruling = active.rule(call, at)
      if (ruling.do === 'pass') continue
      // A removal touches something only if there was something to remove.
      if (ruling.do === 'remove') {
        this.#remove(call.key, ruling.afterMs, active)
        continue
      }
      active.count('touched', 1)
      decision ??= {
        delayMs: 0,
        splitMs: 0,
        held: undefined,
        hang: undefined,
        fail: undefined,
        reply: undefined,
      }
      switch (ruling.do) {
        case 'delay':
          decision.delayMs += ruling.ms
          active.count('delayedMs', ruling.ms)
          break
        case 'split':
          decision.splitMs += ruling.ms
          active.count('split', 1)
          break
        case 'hang':
          decision.hang ??= active
          active.count('withheld', 1)
          break
        case 'hold':
          decision.held ??= active
          active.count('held', 1)
          break
        case 'fail':
          decision.fail ??= ruling.class
          active.count(ruling.class, 1)
          break
        case 'reply':
          decision.reply ??= ruling
          active.count('answered', 1)
          break
      }
    }
    return decision
  }
}
