// An answer of which the head is here: in the virtual world and over sockets alike.
import type { CallError, Headers, Json, Reply } from './world.ts'

/** An answer whose body is still on its way. */
export class SplitReply implements Reply {
  readonly status: number
  readonly headers: Headers
  readonly #onCancel: () => void
  readonly #body: Promise<Json>
  #settled = false
  #resolve!: (body: Json) => void
  #reject!: (error: CallError) => void

  constructor(status: number, headers: Headers, onCancel: () => void) {
    this.status = status
    this.headers = headers
    this.#onCancel = onCancel
    this.#body = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    // The caller may never ask for the body; losing it is no unhandled rejection then.
    this.#body.catch(() => {})
  }

  cancel(): void {
    if (!this.#settled) this.#onCancel()
  }

  body(): Promise<Json> {
    return this.#body
  }

  complete(body: Json): void {
    this.#settled = true
    this.#resolve(body)
  }

  lose(error: CallError): void {
    this.#settled = true
    this.#reject(error)
  }
}
