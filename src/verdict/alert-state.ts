// Prometheus' states of an alert: inactive, pending while its expression holds, firing once it has for long enough.
import type { Sample } from './samples.ts'

/** A span in which at least one instance of an alert was firing. */
export interface Firing {
  readonly fromMs: number
  /** Infinity while it lasts. */
  readonly toMs: number
}

interface Instance {
  readonly activeAtMs: number
  firing: boolean
  seenAtMs: number
}

/** One instance for each label set. A step allocates only for an instance that is new. */
export class AlertState {
  readonly #forMs: number
  readonly #instances = new Map<string, Instance>()
  readonly #firings: Firing[] = []
  #firing = 0

  constructor(forMs: number) {
    this.#forMs = forMs
  }

  /** How many instances are pending. */
  get pending(): number {
    return this.#instances.size - this.#firing
  }

  /** Since when the one that has been pending for longest is; infinity where none is. */
  get pendingSinceMs(): number {
    const since = [...this.#instances.values()].map((i) =>
      i.firing ? Number.POSITIVE_INFINITY : i.activeAtMs,
    )
    return Math.min(Number.POSITIVE_INFINITY, ...since)
  }

  /** How many instances are firing. */
  get firing(): number {
    return this.#firing
  }

  /** Oldest first. The alert fires from its first instance to its last. */
  get firings(): readonly Firing[] {
    return this.#firings
  }

  /** `active`: what the expression yields now. An instance that is not among it starts again from inactive. */
  step(nowMs: number, active: readonly Sample[]): void {
    const before = this.#firing
    for (const { key } of active) this.#activate(key, nowMs)
    if (this.#instances.size > active.length) this.#forgetInactive(nowMs)
    if (before === 0 && this.#firing > 0)
      this.#firings.push({ fromMs: nowMs, toMs: Number.POSITIVE_INFINITY })
    const last = this.#firings.at(-1)
    if (before > 0 && this.#firing === 0 && last !== undefined)
      this.#firings[this.#firings.length - 1] = { fromMs: last.fromMs, toMs: nowMs }
  }

  #activate(key: string, nowMs: number): void {
    let instance = this.#instances.get(key)
    if (instance === undefined) {
      instance = { activeAtMs: nowMs, firing: false, seenAtMs: nowMs }
      this.#instances.set(key, instance)
    }
    instance.seenAtMs = nowMs
    if (instance.firing || nowMs - instance.activeAtMs < this.#forMs) return
    instance.firing = true
    this.#firing++
  }

  #forgetInactive(nowMs: number): void {
    for (const [key, instance] of this.#instances) {
      if (instance.seenAtMs === nowMs) continue
      this.#instances.delete(key)
      if (instance.firing) this.#firing--
    }
  }
}
