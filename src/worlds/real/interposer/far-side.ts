// What comes back from the far side of an interposer: head and body, handed on as they come.

export interface Head {
  readonly status: number
  /** Name, value, name, value, as they stood. */
  readonly headers: readonly string[]
}

export interface Answering {
  onHead(head: Head, body: FarSide): void
  /** Before any head: `refused` where nobody listened, otherwise `reset`. */
  onLost(klass: 'refused' | 'reset'): void
}

/** A request as it goes on. */
export interface Forwarded {
  readonly method: string
  readonly path: string
  /** Raw, as Node gives them. */
  readonly rawHeaders: readonly string[]
  readonly body: Buffer
}

/** The far side, whatever the way to it. */
export abstract class FarSide {
  readonly #answering: Answering
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

  abstract send(request: Forwarded): void
  protected abstract hangUp(): void

  /** The caller has gone: nobody reads the answer any more. */
  abandon(): void {
    this.#given = true
    this.hangUp()
  }

  protected get isAbandoned(): boolean {
    return this.#given && this.#head === undefined
  }

  protected begin(head: Head): void {
    this.#head = head
    // What came in the same packet is here by then: an answer in one piece leaves in one piece.
    setImmediate(() => this.#give())
  }

  #give(): void {
    if (this.#given || this.#head === undefined) return
    this.#given = true
    this.#answering.onHead(this.#head, this)
  }

  protected bring(chunk: Buffer): void {
    if (this.#onChunk === undefined) this.#chunks.push(chunk)
    else this.#onChunk(chunk)
  }

  protected finish(): void {
    this.#ended = true
    this.#onEnd?.(true)
  }

  protected lose(klass: 'refused' | 'reset'): void {
    this.#lost = true
    if (this.#onEnd !== undefined) this.#onEnd(false)
    else if (this.#head === undefined && !this.#given) {
      this.#given = true
      this.#answering.onLost(klass)
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
