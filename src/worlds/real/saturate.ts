// Closed-loop HTTP load on autocannon: each connection asks again as soon as it is answered, so the server is never idle.
//
// autocannon drives, and its figures are left alone: a connection that the server closes without an answer is counted
// nowhere in them, and the next answer on it is timed from the request before. What is told here is counted by its clients'
// events.
import type { EventEmitter } from 'node:events'
import { Histogram } from '../../metrics/histogram.ts'

export interface Saturation {
  readonly url: string
  readonly method: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly connections: number
  /** On the wall; autocannon knows whole seconds only. */
  readonly forSeconds: number
  readonly timeoutSeconds: number
}

/** Every request that was sent is in exactly one of the others. */
export interface Saturated {
  readonly sent: number
  /** By status. */
  readonly answered: Readonly<Record<string, number>>
  /** The server closed the connection without an answer. */
  readonly closed: number
  readonly reset: number
  readonly refused: number
  readonly timedOut: number
  /** Not answered yet when the time was over. */
  readonly unfinished: number
  /** Of the answered, whatever their status; wall milliseconds. */
  readonly latency: Histogram
}

export async function saturate(load: Saturation): Promise<Saturated> {
  const { default: autocannon } = await import('autocannon')
  const { url, method, headers = {}, body, connections, forSeconds, timeoutSeconds } = load
  const clients: ClientCount[] = []
  const counts = new Counts()
  await autocannon({
    url,
    method: method as 'GET',
    headers: { ...headers },
    ...(body === undefined ? {} : { body }),
    connections,
    duration: forSeconds,
    timeout: timeoutSeconds,
    setupClient: (client) =>
      void clients.push(new ClientCount(client as unknown as EventEmitter, counts)),
  })
  for (const client of clients) client.end()
  return counts
}

class Counts implements Saturated {
  sent = 0
  readonly answered: Record<string, number> = {}
  closed = 0
  reset = 0
  refused = 0
  timedOut = 0
  unfinished = 0
  readonly latency = new Histogram()
}

/** One connection, and those that follow it: at most one request is under way. */
class ClientCount {
  readonly #counts: Counts
  #sentMs: number | undefined
  #error: 'reset' | 'refused' | undefined
  #over = false

  constructor(client: EventEmitter, counts: Counts) {
    this.#counts = counts
    client.on('request', () => this.#asks())
    client.on('response', (status: number) => this.#isAnswered(status))
    client.on('connError', (error: NodeJS.ErrnoException) => {
      this.#error = error.code === 'ECONNREFUSED' ? 'refused' : 'reset'
    })
    // It is told after the next request has been sent, which took it for a closed connection.
    client.on('timeout', () => {
      counts.closed--
      counts.timedOut++
    })
    client.on('done', () => {
      this.end()
    })
  }

  #asks(): void {
    if (this.#over) return
    if (this.#sentMs !== undefined) this.#counts[this.#error ?? 'closed']++
    this.#error = undefined
    this.#counts.sent++
    this.#sentMs = performance.now()
  }

  #isAnswered(status: number): void {
    if (this.#over || this.#sentMs === undefined) return
    const { answered, latency } = this.#counts
    answered[status] = (answered[status] ?? 0) + 1
    latency.record(performance.now() - this.#sentMs)
    this.#sentMs = undefined
  }

  end(): void {
    if (!this.#over && this.#sentMs !== undefined) this.#counts.unfinished++
    this.#over = true
  }
}
