// What is told of runs while they go on: a screen on a terminal, now and then a line where there is none.
import { number } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { Look } from '../run/conduct.ts'
import type { RunResult } from '../run/result.ts'
import type { Dashboard } from './ui/dashboard.tsx'
import { LiveView } from './ui/view.ts'

/** Sooner than this a screen would only flicker: most runs are over. */
const PATIENCE_MS = 2_000
/** In less the screen says nothing that a line does not. */
const FEWEST_COLUMNS = 40
const FEWEST_ROWS = 8
/** Lines are for logs: rare. */
const FIRST_LINE_MS = 10_000
const LINE_EVERY_MS = 30_000

export interface Progress {
  /** Whether progress is to come with what can be seen of the run. */
  readonly glimpses: boolean
  show(scenario: string, variant: string, seed: number, share: number, look?: Look): void
  ended(result: RunResult): void
  /** To be called before anything else is written, and at the end. */
  clear(): void
}

export function progressOf(world: string, total: number): Progress {
  const { isTTY, columns = 0, rows = 0 } = process.stderr
  const hasRoom = columns >= FEWEST_COLUMNS && rows >= FEWEST_ROWS
  return isTTY && hasRoom ? new OnScreen(world, total) : new InLines(performance.now())
}

/** What draws it is loaded when it is first wanted: it takes as long as many a run. */
class OnScreen implements Progress {
  readonly glimpses = true
  readonly #view: LiveView
  #dashboard: Dashboard | 'loading' | undefined

  constructor(world: string, total: number) {
    this.#view = new LiveView(world, total, performance.now())
  }

  show(scenario: string, variant: string, seed: number, share: number, look?: Look): void {
    const nowMs = performance.now()
    this.#view.progress(scenario, variant, seed, share, look, nowMs)
    if (this.#dashboard === undefined && nowMs - this.#view.startedMs > PATIENCE_MS)
      void this.#load()
  }

  async #load(): Promise<void> {
    this.#dashboard = 'loading'
    const { Dashboard } = await import('./ui/dashboard.tsx')
    // The runs may be over by now, or something else was said.
    if (this.#dashboard !== 'loading') return
    this.#dashboard = new Dashboard(this.#view, () => process.kill(process.pid, 'SIGINT'))
  }

  ended(result: RunResult): void {
    this.#view.ended(result)
  }

  clear(): void {
    if (typeof this.#dashboard === 'object') this.#dashboard.clear()
    this.#dashboard = undefined
  }
}

class InLines implements Progress {
  readonly glimpses = true
  #nextMs: number

  constructor(nowMs: number) {
    this.#nextMs = nowMs + FIRST_LINE_MS
  }

  show(scenario: string, variant: string, seed: number, share: number, look?: Look): void {
    const nowMs = performance.now()
    if (nowMs < this.#nextMs) return
    this.#nextMs = nowMs + LINE_EVERY_MS
    const glimpse = look?.()
    const seen =
      glimpse === undefined
        ? ''
        : `, ${formatDuration(glimpse.nowMs)} of ${formatDuration(glimpse.loadEndMs)}, ${number(glimpse.lost)} of ${number(glimpse.offered)} lost`
    process.stderr.write(
      `aftershock: ${scenario} · ${variant} · seed ${seed}: ${Math.floor(share * 100)} %${seen}\n`,
    )
  }

  ended(): void {}

  clear(): void {}
}
