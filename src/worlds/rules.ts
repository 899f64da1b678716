// The rules in force on the wire, what they hold up, and what they did.
import type { Call, Evidence, Json, Link, Rule, Ruling, Stage } from './world.ts'

/** What all rules together do to a call at a stage. */
export interface Decision<C extends Call> {
  /** Of each rule that slows the call, or cuts its answer in two, by how much. */
  readonly delays: Part<C>[]
  readonly splits: Part<C>[]
  /** Requests: after how long the caller hangs up, and after how long it arrives once more. They count when they do. */
  readonly aborts: Part<C>[]
  readonly repeats: Part<C>[]
  held: ActiveRule<C> | undefined
  hang: ActiveRule<C> | undefined
  fail: Failing<C> | undefined
  reply: Replying<C> | undefined
}

interface Part<C extends Call> {
  readonly by: ActiveRule<C>
  readonly ms: number
}

interface Failing<C extends Call> {
  readonly by: ActiveRule<C>
  readonly class: 'refused' | 'reset'
}

interface Replying<C extends Call> {
  readonly by: ActiveRule<C>
  readonly status: number
  readonly code?: string
  readonly body?: Json
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

  /** One thing more is touched, and so much of something is done to it. */
  touch(what: string, by: number): void {
    this.evidence.touched = (this.evidence.touched ?? 0) + 1
    this.evidence[what] = (this.evidence[what] ?? 0) + by
  }
}

/** Deletes a call's key from the store, now or later; the rule counts what was there. */
export type Remove<C extends Call> = (call: C, afterMs: number, rule: ActiveRule<C>) => void

/** The rules in force that concern a link, by stage. */
export class LinkRules<C extends Call> {
  /** All that were in force when these were chosen. */
  of: readonly ActiveRule<C>[] = []
  connect: readonly ActiveRule<C>[] = []
  request: readonly ActiveRule<C>[] = []
  reply: readonly ActiveRule<C>[] = []
}

export class Rules<C extends Call> {
  /** Replaced, never changed. */
  active: readonly ActiveRule<C>[] = []
  readonly #remove: Remove<C>

  constructor(remove: Remove<C>) {
    this.#remove = remove
    // Once more, so that compiled code does not count on the first: see `Life`.
    this.active = []
  }

  /** Brings what is kept of a link up to date; cheap where nothing has changed. */
  choose(kept: LinkRules<C>, link: Link): void {
    const { active } = this
    if (kept.of === active) return
    const at = (stage: Stage) => active.filter(({ rule }) => rule.concerns?.(link, stage) ?? true)
    kept.of = active
    kept.connect = at('connect')
    kept.request = at('request')
    kept.reply = at('reply')
  }

  /** Undefined where every rule lets the call pass: nothing is allocated then. */
  decide(call: C, at: Stage, among = this.active): Decision<C> | undefined {
    let decision: Decision<C> | undefined
    for (const active of among) {
      const ruling = active.rule(call, at)
      if (ruling.do === 'pass') continue
      // A removal touches something only if there was something to remove.
      if (ruling.do === 'remove') {
        this.#remove(call, ruling.afterMs, active)
        continue
      }
      decision ??= {
        delays: [],
        splits: [],
        aborts: [],
        repeats: [],
        held: undefined,
        hang: undefined,
        fail: undefined,
        reply: undefined,
      }
      note(decision, ruling, active, call)
    }
    if (decision !== undefined) count(decision, call)
    return decision
  }
}

export function sumOf(parts: readonly { readonly ms: number }[]): number {
  return parts.reduce((sum, { ms }) => sum + ms, 0)
}

function note<C extends Call>(
  decision: Decision<C>,
  ruling: Ruling,
  by: ActiveRule<C>,
  call: C,
): void {
  switch (ruling.do) {
    case 'delay':
      if (ruling.ms > 0) decision.delays.push({ by, ms: ruling.ms })
      break
    case 'split':
      if (ruling.ms > 0) decision.splits.push({ by, ms: ruling.ms })
      break
    case 'abort':
      decision.aborts.push({ by, ms: ruling.afterMs })
      break
    case 'repeat':
      decision.repeats.push({ by, ms: ruling.afterMs })
      break
    case 'hang':
      decision.hang ??= by
      break
    case 'hold':
      decision.held ??= by
      break
    case 'fail':
      decision.fail ??= { by, class: ruling.class }
      break
    case 'reply':
      // The answer to a HEAD has no body, so no code reaches the caller.
      decision.reply ??= call.op === 'head' ? { by, status: ruling.status } : { by, ...ruling }
      break
  }
}

/** Evidence is what was done to the call: of a rule that another overruled there is none. */
function count<C extends Call>(decision: Decision<C>, call: C): void {
  const { delays, splits, held, hang, fail, reply } = decision
  if (hang !== undefined) hang.touch('withheld', 1)
  else if (held !== undefined) held.touch('held', 1)
  else {
    for (const { by, ms } of delays) by.touch('delayedMs', ms)
    if (fail !== undefined) fail.by.touch(fail.class, 1)
    else {
      if (call.op === 'http' || call.op === 'fetch')
        for (const { by } of splits) by.touch('split', 1)
      reply?.by.touch('answered', 1)
    }
  }
}
