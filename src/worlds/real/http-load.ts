// Open-loop HTTP load: requests leave when they are due, whatever becomes of those before them.
import type { Agent, Dispatcher } from 'undici'

export interface HttpLoad {
  readonly origin: string
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Outcome {
  readonly index: number
  /** When it was due, when it left, when it ended: wall ms by `performance.now`. */
  readonly dueMs: number
  readonly sentMs: number
  readonly endMs: number
  /** Undefined where no whole answer came. */
  readonly status: number | undefined
}

/** Wakes so often; what became due meanwhile leaves at once. */
const PUMP_MS = 1

/**
 * Sends one request at each due time (ascending, wall ms from the start). Resolves when all have ended. Latency is to
 * be measured from `dueMs`: a stall then shows in every request that was due during it.
 */
export function sendOpenLoop(
  agent: Agent,
  due: Float64Array,
  request: (index: number) => HttpLoad,
  onOutcome: (outcome: Outcome) => void,
  signal?: AbortSignal,
): Promise<void> {
  return new Promise((resolve) => {
    const startMs = performance.now()
    let next = 0
    let open = 0
    const ended = () => {
      open--
      if (open === 0 && next === due.length) resolve()
    }
    const pump = () => {
      if (signal?.aborted === true) next = due.length
      const nowMs = performance.now() - startMs
      for (; next < due.length && (due[next] as number) <= nowMs; next++) {
        open++
        new Sending(next, startMs + (due[next] as number), onOutcome, ended).start(
          agent,
          request(next),
        )
      }
      if (next < due.length) setTimeout(pump, PUMP_MS)
      else if (open === 0) resolve()
    }
    pump()
  })
}

class Sending implements Dispatcher.DispatchHandler {
  readonly #index: number
  readonly #dueMs: number
  readonly #onOutcome: (outcome: Outcome) => void
  readonly #ended: () => void
  #sentMs = 0
  #status: number | undefined

  constructor(
    index: number,
    dueMs: number,
    onOutcome: (outcome: Outcome) => void,
    ended: () => void,
  ) {
    this.#index = index
    this.#dueMs = dueMs
    this.#onOutcome = onOutcome
    this.#ended = ended
  }

  start(agent: Agent, { origin, method, path, headers = {}, body }: HttpLoad): void {
    this.#sentMs = performance.now()
    agent.dispatch(
      {
        origin,
        method: method as Dispatcher.HttpMethod,
        path,
        headers: { ...headers },
        body: body ?? null,
      },
      this,
    )
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status
  }

  onResponseData(): void {}

  onResponseEnd(): void {
    this.#end(this.#status)
  }

  onResponseError(): void {
    this.#end(undefined)
  }

  #end(status: number | undefined): void {
    this.#onOutcome({
      index: this.#index,
      dueMs: this.#dueMs,
      sentMs: this.#sentMs,
      endMs: performance.now(),
      status,
    })
    this.#ended()
  }
}
