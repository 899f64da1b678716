// Closed-loop HTTP load on autocannon's client: each connection asks again as soon as it is answered.
//
// The client drives; what became of a request is told by its events, one by one. A connection that has failed is given up
// and another opened: the client itself would go on with the next request on a new connection, count a request that was
// never answered nowhere, and time the next answer, and read it, as if it were that one's.
import type { EventEmitter } from 'node:events'
import { createRequire } from 'node:module'

export interface Asking {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | undefined
  /** Wall ms. */
  readonly timeoutMs: number
  /** Called once, unless all is disposed of before. */
  ended(how: Ended): void
}

export type Ended = Answered | { readonly failed: Failure }

export interface Answered {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** `closed`: without an answer, or in the middle of one. */
export type Failure = 'closed' | 'reset' | 'refused' | 'timeout'

export interface Saturating {
  /** Where each of the connections goes. */
  readonly urls: readonly URL[]
  /** What a connection is to ask now; undefined: it is given up until `again` is called. */
  next(connection: number, again: () => void): Asking | undefined
}

/** Opens the connections. Autocannon is loaded no sooner, and has no types for its client. Disposing of it closes them, whatever they wait for. */
export function saturate(load: Saturating): Disposable {
  const Client: NewClient = createRequire(import.meta.url)('autocannon/lib/httpClient.js')
  const all = load.urls.map((url, i) => new Connection(Client, url, (again) => load.next(i, again)))
  for (const connection of all) connection.open()
  return {
    [Symbol.dispose]() {
      for (const connection of all) connection[Symbol.dispose]()
    },
  }
}

/** Of autocannon's client, what is used here. */
interface Client extends EventEmitter {
  setRequests(requests: readonly object[]): void
  destroy(): void
}

type NewClient = new (options: object) => Client

/** The client's own time limit, in seconds, is out of the way: it knows whole connections only. */
const NEVER_SECONDS = 2_000_000

/** One after the other of autocannon's clients; at most one request is under way. */
class Connection implements Disposable {
  readonly #Client: NewClient
  readonly #url: URL
  readonly #next: (again: () => void) => Asking | undefined
  #client: Client | undefined
  #asking: Asking | undefined
  #deadline: NodeJS.Timeout | undefined
  #over = false

  constructor(Client: NewClient, url: URL, next: (again: () => void) => Asking | undefined) {
    this.#Client = Client
    this.#url = url
    this.#next = next
  }

  open(): void {
    if (this.#over) return
    const { hostname, port } = this.#url
    new this.#Client({
      hostname,
      port: Number(port),
      timeout: NEVER_SECONDS,
      setupClient: (client: Client) => this.#listen(client),
    })
  }

  #listen(client: Client): void {
    this.#client = client
    client.on('request', () => {
      if (client !== this.#client) return
      // It connects again by itself when the server has closed, and asks the next.
      if (this.#asking !== undefined) this.#fails('closed')
      else this.#ask(client)
    })
    client.on('connError', ({ code }: NodeJS.ErrnoException) => {
      if (client !== this.#client) return
      this.#fails(code === 'ECONNREFUSED' ? 'refused' : 'reset')
    })
  }

  #ask(client: Client): void {
    const asking = this.#next(() => this.open())
    if (asking === undefined) {
      this.#giveUp()
      return
    }
    const { method, path, headers, body, timeoutMs } = asking
    this.#asking = asking
    this.#deadline = setTimeout(() => this.#fails('timeout'), timeoutMs)
    client.setRequests([
      {
        method,
        path,
        headers,
        ...(body === undefined ? {} : { body }),
        onResponse: (status: number, text: string, _context: unknown, raw: Raw) =>
          this.#end({ status, headers: lowered(raw), body: text }),
      },
    ])
  }

  #fails(failed: Failure): void {
    this.#giveUp()
    // Not within the client's own handler, which has not come to its end.
    setImmediate(() => this.open())
    this.#end({ failed })
  }

  #giveUp(): void {
    const client = this.#client
    this.#client = undefined
    client?.destroy()
  }

  #end(how: Ended): void {
    clearTimeout(this.#deadline)
    const asking = this.#asking
    this.#asking = undefined
    asking?.ended(how)
  }

  [Symbol.dispose](): void {
    this.#over = true
    clearTimeout(this.#deadline)
    this.#asking = undefined
    this.#giveUp()
  }
}

type Raw = Readonly<Record<string, string | readonly string[]>>

function lowered(raw: Raw): Record<string, string> {
  return Object.fromEntries(
    Object.entries(raw).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
}
