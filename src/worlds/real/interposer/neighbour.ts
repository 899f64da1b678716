// The far side of an interposer where that is a host of the same thread: no socket lies between the two.
import type { InboundCall } from '../inbound-call.ts'
import type { Server } from '../serving.ts'
import { type Answering, FarSide, type Forwarded } from './far-side.ts'

export class Neighbour extends FarSide implements InboundCall {
  readonly #server: Server
  readonly from: string
  readonly slot: number
  method = 'GET'
  target = '/'
  body: Buffer = Buffer.alloc(0)
  isOver = false
  readonly #onOver: (() => void)[] = []
  #unsent: { readonly status: number; readonly headers: readonly string[] } | undefined

  constructor(
    server: Server,
    about: { readonly from: string; readonly slot: number },
    answering: Answering,
  ) {
    super(answering)
    this.#server = server
    this.from = about.from
    this.slot = about.slot
  }

  send({ method, path, body }: Forwarded): void {
    this.method = method
    this.target = path
    this.body = body
    this.#server.receive(this)
  }

  protected hangUp(): void {
    this.#over()
  }

  onOver(then: () => void): void {
    this.#onOver.push(then)
  }

  #over(): void {
    if (this.isOver) return
    this.isOver = true
    for (const then of this.#onOver) then()
  }

  head(status: number, headers: Readonly<Record<string, string>>): void {
    this.#unsent = { status, headers: Object.entries(headers).flat() }
  }

  flushHead(): void {
    const head = this.#unsent
    this.#unsent = undefined
    if (head !== undefined) this.begin(head)
  }

  end(text: string): void {
    this.flushHead()
    if (text !== '') this.bring(Buffer.from(text))
    this.finish()
    this.#over()
  }

  reset(): void {
    if (this.isOver) return
    this.#over()
    this.lose('reset')
  }
}
