// How late this thread's event loop runs: injected latency must not measure our own lag.
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 50

export class LoopLag implements Disposable {
  readonly #histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS })

  constructor() {
    this.#histogram.enable()
  }

  /** Beyond the interval at which it looks, wall milliseconds. */
  p99Ms(): number {
    return Math.max(0, this.#histogram.percentile(99) / 1e6 - RESOLUTION_MS)
  }

  [Symbol.dispose](): void {
    this.#histogram.disable()
  }
}
