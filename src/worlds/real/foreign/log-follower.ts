// Follows the file that a process writes its output to: every line once, dated by the look before the one that found it.
import { closeSync, openSync, readSync } from 'node:fs'

const LOOK_EVERY_MS = 10
const CHUNK_BYTES = 1 << 16

export class LogFollower implements Disposable {
  readonly #file: string
  readonly #onLine: (line: string, atUs: number, byUs: number) => void
  readonly #nowUs: () => number
  readonly #timer: NodeJS.Timeout
  readonly #buffer = Buffer.alloc(CHUNK_BYTES)
  #descriptor: number | undefined
  #at = 0
  #lookedUs = 0
  #rest = ''

  /**
   * What a process wrote before it made a call must stand before that call in the books: so a line has the earliest
   * time that it can have, `atUs`; `byUs` is the latest.
   */
  constructor(
    file: string,
    nowUs: () => number,
    onLine: (line: string, atUs: number, byUs: number) => void,
  ) {
    this.#file = file
    this.#nowUs = nowUs
    this.#onLine = onLine
    this.#timer = setInterval(() => this.look(), LOOK_EVERY_MS)
  }

  /** Reads what has come since. */
  look(): void {
    const descriptor = this.#open()
    const atUs = this.#lookedUs
    this.#lookedUs = this.#nowUs()
    while (descriptor !== undefined) {
      const size = readSync(descriptor, this.#buffer, 0, CHUNK_BYTES, this.#at)
      if (size === 0) return
      this.#at += size
      const lines = (this.#rest + this.#buffer.toString('utf8', 0, size)).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) this.#onLine(line, atUs, this.#lookedUs)
    }
  }

  #open(): number | undefined {
    try {
      this.#descriptor ??= openSync(this.#file, 'r')
    } catch {
      // Not written yet.
    }
    return this.#descriptor
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.look()
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }
}
