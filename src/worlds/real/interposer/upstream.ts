// The far side of an interposer: sends a request on as it came, and hands back head and body as they come.
import type { Agent, Dispatcher } from 'undici'

export interface Head {
  readonly status: number
  /** Name, value, name, value, as they stood. */
  readonly headers: readonly string[]
}

export interface Answering {
  /** `whole`: all of the body has come with it. */
  onHead(head: Head, body: Upstream): void
  /** Before any head: `refused` where nobody listened, otherwise `reset`. */
  onLost(klass: 'refused' | 'reset'): void
}

/** Headers that are each connection's own; who expects to be told to go on was told so by our own server. */
const HOP_BY_HOP: readonly string[] = [
  ...['connection', 'keep-alive', 'transfer-encoding', 'upgrade'],
  ...['expect', 'proxy-connection', 'te', 'trailer'],
]

export interface Forwarded {
  readonly origin: string
  readonly method: string
  readonly path: string
  /** Raw, as Node gives them. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

export class Upstream implements Dispatcher.DispatchHandler {
  readonly #answering: Answering
  #controller: Dispatcher.DispatchController | undefined
  #head: Head | undefined
  #chunks: Buffer[] = []
  #ended = false
  #lost = false
  #given = false
  #onChunk: ((chunk: Buffer) => void) | undefined
  #onEnd: ((whole: boolean) => void) | undefined

  constructor(answering: Answering) {
    this.#answering = answering
  }

  send(agent: Agent, { origin, method, path, rawHeaders, body }: Forwarded): void {
    agent.dispatch(
      {
        origin,
        method: method as Dispatcher.HttpMethod,
        path,
        headers: ofMessage(rawHeaders),
        body: body.length === 0 ? null : body,
        // undici would close the connection after every HEAD, and open one for the next call.
        reset: false,
      },
      this,
    )
  }

  /** The caller has gone: nobody reads the answer any more. */
  abandon(): void {
    this.#given = true
    this.#controller?.abort(new Error('the caller has gone'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#given) controller.abort(new Error('the caller has gone'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return
    const raw = (controller.rawHeaders ?? []) as readonly (Buffer | string)[]
    this.#head = { status, headers: ofMessage(raw.map((part) => part.toString('latin1'))) }
    // What came in the same packet is here by then: an answer in one piece leaves in one piece.
    setImmediate(() => this.#give())
  }

  #give(): void {
    if (this.#given || this.#head === undefined) return
    this.#given = true
    this.#answering.onHead(this.#head, this)
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#onChunk === undefined) this.#chunks.push(chunk)
    else this.#onChunk(chunk)
  }

  onResponseEnd(): void {
    this.#ended = true
    this.#onEnd?.(true)
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#lost = true
    if (this.#onEnd !== undefined) this.#onEnd(false)
    else if (this.#head === undefined && !this.#given) {
      this.#given = true
      const { code } = error as { readonly code?: string }
      this.#answering.onLost(code === 'ECONNREFUSED' ? 'refused' : 'reset')
    }
  }

  /** All of the body, if it has come; undefined while some is on its way. */
  whole(): Buffer | undefined {
    return this.#ended ? Buffer.concat(this.#chunks) : undefined
  }

  /** Streams what is here and what comes; `onEnd` is told whether it came to its end. */
  read(onChunk: (chunk: Buffer) => void, onEnd: (whole: boolean) => void): void {
    for (const chunk of this.#chunks) onChunk(chunk)
    this.#chunks = []
    if (this.#ended || this.#lost) {
      onEnd(this.#ended)
      return
    }
    this.#onChunk = onChunk
    this.#onEnd = onEnd
  }
}

function ofMessage(raw: readonly string[]): string[] {
  const kept: string[] = []
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const [name = '', value = ''] = [raw[i], raw[i + 1]]
    if (!HOP_BY_HOP.includes(name.toLowerCase())) kept.push(name, value)
  }
  return kept
}

/** A request whose answer is thrown away. */
export function sendUnheard(agent: Agent, request: Forwarded): void {
  const skip = () => {}
  new Upstream({ onHead: (_head, body) => body.read(skip, skip), onLost: skip }).send(
    agent,
    request,
  )
}
