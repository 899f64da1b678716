// What the analyser says of itself. Faithfully wrong: a failed call counts as processed and never as failed,
// an image deleted for want of a service counts as an inference of 0 ms.
import type { Host } from '../../worlds/world.ts'

export class Statistics {
  #processed = 0
  #dropped = 0
  #inferences = 0
  #failed = 0
  #totalMs = 0
  readonly #host: Host

  constructor(host: Host) {
    this.#host = host
  }

  inferred(ms: number): void {
    this.#processed++
    this.#inferences++
    this.#totalMs += ms
  }

  callFailed(): void {
    this.#processed++
  }

  dropped(): void {
    this.#dropped++
  }

  snapshot(): Readonly<Record<string, number>> {
    const seen = this.#processed + this.#dropped
    return {
      processed_total: this.#processed,
      dropped_total: this.#dropped,
      drop_rate: seen === 0 ? 0 : this.#dropped / seen,
      total_inferences: this.#inferences,
      failed_inferences: this.#failed,
      avg_inference_ms: this.#inferences === 0 ? 0 : this.#totalMs / this.#inferences,
    }
  }

  publish(): void {
    const figures = this.snapshot()
    for (const name in figures) this.#host.report.set(name, figures[name] ?? 0)
  }
}

export const REPORTS = {
  processed_total: 'Images that the analyser counts as processed, failed calls included',
  dropped_total: 'Images dropped by the full queue',
  drop_rate: 'dropped_total ÷ (processed_total + dropped_total)',
  total_inferences: 'Inferences, images deleted for want of a service included',
  failed_inferences: 'Never counted up in this version',
  avg_inference_ms: 'Mean of the inferences; images deleted for want of a service count as 0 ms',
} as const
