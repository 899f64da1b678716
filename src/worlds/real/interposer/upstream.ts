// The far side of an interposer over a socket: sends a request on as it came.
import type { Agent, Dispatcher } from 'undici'
import { type Answering, FarSide, type Forwarded } from './far-side.ts'

/** Headers that are each connection's own; who expects to be told to go on was told so by our own server. */
const HOP_BY_HOP: readonly string[] = [
  ...['connection', 'keep-alive', 'transfer-encoding', 'upgrade'],
  ...['expect', 'proxy-connection', 'te', 'trailer'],
]

export class Upstream extends FarSide implements Dispatcher.DispatchHandler {
  readonly #agent: Agent
  readonly #origin: string
  #controller: Dispatcher.DispatchController | undefined

  constructor(agent: Agent, origin: string, answering: Answering) {
    super(answering)
    this.#agent = agent
    this.#origin = origin
  }

  send({ method, path, rawHeaders, body }: Forwarded): void {
    this.#agent.dispatch(
      {
        origin: this.#origin,
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

  protected hangUp(): void {
    this.#controller?.abort(new Error('the caller has gone'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.isAbandoned) this.hangUp()
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) return
    const raw = (controller.rawHeaders ?? []) as readonly (Buffer | string)[]
    this.begin({ status, headers: ofMessage(raw.map((part) => part.toString('latin1'))) })
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.bring(chunk)
  }

  onResponseEnd(): void {
    this.finish()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    const { code } = error as { readonly code?: string }
    this.lose(code === 'ECONNREFUSED' ? 'refused' : 'reset')
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
