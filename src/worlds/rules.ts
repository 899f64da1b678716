// The rules in force on the wire, what they hold up, and what they did.
import type { Call, Evidence, Json, Rule, Stage } from './world.ts'

/** What all rules together do to a call at a stage. */
export interface Decision<C extends Call> {
  delayMs: number
  splitMs: number
  held: ActiveRule<C> | undefined
  hang: ActiveRule<C> | undefined
  fail: 'refused' | 'reset' | undefined
  reply: { readonly status: number; readonly code?: string; readonly body?: Json } | undefined
}

export class ActiveRule<C extends Call> {
  readonly rule: Rule
  readonly evidence: Evidence
  /** Calls that this rule keeps from going on. */
  readonly holding = new Set<C>()

  constructor(rule: Rule, evidence: Evidence) {
    this.rule = rule
    this.evidence = evidence
  }

  count(what: string, by: number): void {
    this.evidence[what] = (this.evidence[what] ?? 0) + by
  }
}

/** Deletes a call's key from the store, now or later; the rule counts what was there. */
export type Remove<C extends Call> = (call: C, afterMs: number, rule: ActiveRule<C>) => void

export class Rules<C extends Call> {
  active: ActiveRule<C>[] = []
  readonly #remove: Remove<C>

  constructor(remove: Remove<C>) {
    this.#remove = remove
  }

  /** Undefined where every rule lets the call pass: nothing is allocated then. */
  decide(call: C, at: Stage): Decision<C> | undefined {
    let decision: Decision<C> | undefined
    for (const active of this.active) {
      const ruling = active.rule(call, at)
      if (ruling.do === 'pass') continue
      // A removal touches something only if there was something to remove.
      if (ruling.do === 'remove') {
        this.#remove(call, ruling.afterMs, active)
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
