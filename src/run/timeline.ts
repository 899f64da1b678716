// The timeline: injects each fault when it is due, heals it, and keeps its evidence.
import { hashText, type Random } from '../base/random.ts'
import { type Trace, TraceEvent } from '../metrics/trace.ts'
import type { Evidence, Hands, Rule } from '../worlds/world.ts'
import type { PlannedFault } from './plan.ts'

/** What the timeline needs of a world. */
export interface Stage {
  readonly hands: Hands
  readonly random: Random
  readonly nowMs: number
  schedule(atMs: number, fire: () => void): void
  addRule(rule: Rule, evidence: Evidence): Disposable
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

export class Timeline {
  readonly #faults: readonly PlannedFault[]
  readonly #evidence: Evidence[]
  readonly #held = new Set<Disposable>()

  constructor(faults: readonly PlannedFault[]) {
    this.#faults = faults
    this.#evidence = faults.map(() => ({}))
  }

  start(stage: Stage, trace: Trace): void {
    this.#faults.forEach((fault, i) => {
      const evidence = this.#evidence[i] ?? {}
      for (const { fromMs, toMs } of fault.injections)
        stage.schedule(fromMs, () => {
          const held = inject(fault, stage, evidence)
          this.#held.add(held)
          trace.note(TraceEvent.inject, stage.nowMs * 1_000, hashText(fault.key), i, 0)
          const heal = () => {
            if (!this.#held.delete(held)) return
            held[Symbol.dispose]()
            trace.note(TraceEvent.heal, stage.nowMs * 1_000, hashText(fault.key), i, 0)
          }
          if (toMs <= fromMs) heal()
          else stage.schedule(toMs, heal)
        })
    })
  }

  /** Heals whatever is still injected. */
  healAll(): void {
    for (const held of this.#held) held[Symbol.dispose]()
    this.#held.clear()
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

function inject(fault: PlannedFault, stage: Stage, evidence: Evidence): Disposable {
  const { definition, options } = fault
  if (definition.hold !== undefined) return definition.hold(options, stage.hands, evidence)
  const rule = definition.rule?.(options, stage.random.fork(fault.key))
  return rule === undefined ? { [Symbol.dispose]: () => {} } : stage.addRule(rule, evidence)
}
