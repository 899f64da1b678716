// Digests taken on the way: where two runs that should be one part, these say between which instants.
import type { Trace } from '../metrics/trace.ts'
import { again } from './again.ts'

/** Enough to name a stretch of a few minutes of some hours. */
const STRETCHES = 64

export interface CheckpointDigests {
  readonly everyMs: number
  /** After one stretch, after two, and so on. */
  readonly digests: readonly string[]
}

export class Checkpoints {
  readonly #everyMs: number
  readonly #digests: string[] = []

  constructor(loadEndMs: number) {
    // Whole milliseconds, so that a summary says the instants as they were.
    this.#everyMs = Math.max(1, Math.ceil(loadEndMs / STRETCHES))
  }

  watch(world: Parameters<typeof again>[0], trace: Trace): void {
    again(world, (nowMs) => {
      if (nowMs > 0) this.#digests.push(trace.digest())
      return this.#digests.length < STRETCHES ? this.#everyMs : undefined
    })
  }

  digests(): CheckpointDigests {
    return { everyMs: this.#everyMs, digests: this.#digests }
  }
}
