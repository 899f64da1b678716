// A retry budget: every first try pays for a share of a second one, so that retries never multiply the load.
import type { RetryBudgetOptions } from './options.ts'

export class RetryBudget {
  readonly #options: RetryBudgetOptions
  #tokens: number

  constructor(options: RetryBudgetOptions) {
    this.#options = options
    this.#tokens = options.reserve
  }

  firstTry(): void {
    const { ratio, reserve } = this.#options
    this.#tokens = Math.min(this.#tokens + ratio, Math.max(reserve, 1))
  }

  /** Whether another try may be made: it is paid for at once. */
  spend(): boolean {
    // Ten times a tenth is a little less than one.
    if (this.#tokens < 1 - 1e-9) return false
    this.#tokens -= 1
    return true
  }
}
