// The timeline: injects each fault when it is due, heals it, and keeps its evidence.
import { must } from '../base/assert.ts'
import { hashText, type Random } from '../base/random.ts'
import { type Trace, TraceEvent } from '../metrics/trace.ts'
import type { Injection } from '../scenario/injections.ts'
import type { Evidence, Hands, Rule } from '../worlds/world.ts'
import type { PlannedFault } from './plan.ts'

/** What the timeline needs of a world. */
export interface Stage {
  readonly hands: Hands
  readonly random: Random
  readonly nowMs: number
  schedule(atMs: number, fire: () => void): void
  /** Where timers fire late: does it as at the time that it was due. */
  asDue?(atMs: number, act: () => void): void
  addRule(rule: Rule, evidence: Evidence): Disposable
  /** Injects it, by its number, wherever else the world has hosts or a wire. */
  elsewhere?(fault: number): Disposable
}

export interface FaultReport {
  readonly kind: string
  readonly name?: string
  readonly describe: string
  /** First injection. */
  readonly atMs: number
  /** From the first injection to the last heal. */
  readonly forMs: number
  readonly times: number
  readonly touched: number
  readonly mayMiss: boolean
  readonly evidence: Evidence
}

/** Evidence that says how far something was turned, not how often. */
const LEVELS: readonly string[] = ['skewMs']

export class Timeline {
  readonly #faults: readonly PlannedFault[]
  readonly #evidence: Evidence[]
  readonly #heals = new Set<() => void>()

  constructor(faults: readonly PlannedFault[]) {
    this.#faults = faults
    this.#evidence = faults.map(() => ({}))
  }

  /** To be called before the hosts start: a fault that is there from the start is there before they are. */
  start(stage: Stage, trace: Trace): void {
    this.#faults.forEach((fault, i) => {
      for (const injection of fault.injections) {
        const begin = () =>
          asDue(stage, injection.fromMs, () => this.#begin(stage, trace, i, injection))
        if (injection.fromMs <= 0 && fault.definition.needsHosts !== true) begin()
        else stage.schedule(injection.fromMs, begin)
      }
    })
  }

  #begin(stage: Stage, trace: Trace, i: number, { fromMs, toMs }: Injection): void {
    const fault = must(this.#faults[i], 'faults are numbered as they stand')
    const note = (event: 'inject' | 'heal') => {
      const atMs = stage.nowMs
      trace.note(TraceEvent[event], Math.round(atMs * 1_000), hashText(fault.key), i, 0)
      trace.observer?.({ event, atMs, fault: nameOf(fault) })
    }
    const here = inject(fault, stage, this.#evidence[i] ?? {})
    const there = stage.elsewhere?.(i)
    note('inject')
    const heal = () => {
      if (!this.#heals.delete(heal)) return
      here[Symbol.dispose]()
      there?.[Symbol.dispose]()
      note('heal')
    }
    this.#heals.add(heal)
    if (toMs <= fromMs) heal()
    else stage.schedule(toMs, () => asDue(stage, toMs, heal))
  }

  /** Heals whatever is still injected, the latest first. */
  healAll(): void {
    for (const heal of [...this.#heals].reverse()) heal()
  }

  /** What a fault did in another thread. */
  add(fault: number, evidence: Evidence): void {
    const own = this.#evidence[fault]
    if (own === undefined) return
    for (const [name, value] of Object.entries(evidence))
      own[name] = LEVELS.includes(name) ? value : (own[name] ?? 0) + value
  }

  report(): FaultReport[] {
    return this.#faults.map(({ definition, options, injections }, i) => {
      const { touched = 0, ...evidence } = this.#evidence[i] ?? {}
      const first = injections[0]?.fromMs ?? 0
      return {
        kind: definition.kind,
        ...(options.name === undefined ? {} : { name: options.name }),
        describe: definition.describe(options),
        atMs: first,
        forMs: (injections.at(-1)?.toMs ?? first) - first,
        times: injections.length,
        touched,
        mayMiss: options.mayMiss,
        evidence,
      }
    })
  }
}

function asDue(stage: Stage, atMs: number, act: () => void): void {
  if (stage.asDue === undefined) act()
  else stage.asDue(Math.max(0, atMs), act)
}

/** Injects a fault where there are hands and a wire; what it does is counted in `evidence`. */
export function inject(
  fault: PlannedFault,
  stage: Pick<Stage, 'hands' | 'random' | 'addRule'>,
  evidence: Evidence,
): Disposable {
  const { definition, options } = fault
  const random = stage.random.fork(fault.key)
  if (definition.hold !== undefined) return definition.hold(options, stage.hands, evidence, random)
  const rule = definition.rule?.(options, random)
  return rule === undefined ? { [Symbol.dispose]: () => {} } : stage.addRule(rule, evidence)
}

function nameOf({ definition, options }: PlannedFault): string {
  return options.name ?? `${options.kind}: ${definition.describe(options)}`
}
