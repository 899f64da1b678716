// How things stood right before each fault: what it cannot have caused, and what it came too late for.
import type { Metric } from '../metrics/catalog.ts'
import type { Ledger } from '../metrics/ledger.ts'
import type { Books } from './books.ts'
import { judgeAll, readJudged } from './judge.ts'
import type { Plan } from './plan.ts'

/** What it looks at. */
interface Watched {
  readonly nowMs: number
  schedule(atMs: number, look: () => void): void
}

export class BeforeFaults {
  /** Of the breaches that are expected, those that were there before any fault. */
  readonly breached = new Set<string>()
  readonly #plan: Plan
  readonly #books: Books
  readonly #catalog: ReadonlyMap<string, Metric>
  /** By fault: how many items had ended. */
  readonly #ends: number[] = []

  constructor(plan: Plan, catalog: ReadonlyMap<string, Metric>, books: Books) {
    this.#plan = plan
    this.#catalog = catalog
    this.#books = books
  }

  /** To be called before the timeline starts: at the instant of a fault, what was before it is looked at first. */
  watch(world: Watched): void {
    const { firstFaultMs, faults } = this.#plan
    if (firstFaultMs !== undefined) world.schedule(firstFaultMs, () => this.#noteBreaches(world))
    for (const [i, { injections }] of faults.entries())
      world.schedule(injections[0]?.fromMs ?? 0, () => {
        this.#ends[i] = this.#books.ledger.ends
      })
  }

  /** A count is no breach that something caused, as it only grows. */
  #noteBreaches({ nowMs }: Watched): void {
    const { ledger, recorder } = this.#books
    const { expect, thresholds } = this.#plan.scenario
    const wanted = Object.entries(thresholds).filter(([key]) => expect.breach.includes(key))
    const endUs = Math.round(nowMs * 1_000)
    recorder.close(endUs)
    for (const judged of judgeAll(
      Object.fromEntries(wanted),
      { ledger, recorder, endUs },
      this.#catalog,
    )) {
      const { metric, expression } = readJudged(judged, this.#catalog)
      const grows = metric.type === 'counter' || expression.aggregation === 'count'
      if (judged.ok === false && !grows) this.breached.add(judged.metric)
    }
  }

  /** How many items a fault could still have had a part in: those that had not ended when it came. */
  exposed(fault: number, ledger: Ledger): number {
    const pending = ledger.pending({}) + ledger.pending({ phase: 'warmup' })
    return ledger.ends + pending - (this.#ends[fault] ?? 0)
  }
}
