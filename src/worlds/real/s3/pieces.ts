// A body that comes in pieces of any size, read by lines and by counted bytes.
import { Refusal } from './refusals.ts'

export class Pieces {
  readonly #source: AsyncIterator<Buffer>
  #held: Buffer = Buffer.alloc(0)

  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]()
  }

  /** Up to the next CRLF, which is taken but not given; a `Refusal` where it does not come in time. */
  async line(mostBytes: number): Promise<string> {
    for (;;) {
      const end = this.#held.indexOf('\r\n')
      if (end > mostBytes || (end < 0 && this.#held.length > mostBytes + 1))
        throw new Refusal('badChunk')
      if (end >= 0) {
        const line = this.#held.toString('utf8', 0, end)
        this.#held = this.#held.subarray(end + 2)
        return line
      }
      await this.#more()
    }
  }

  /** Exactly so many. */
  async bytes(count: number): Promise<Buffer> {
    const parts: Buffer[] = []
    let missing = count
    while (missing > 0) {
      if (this.#held.length === 0) await this.#more()
      const part = this.#held.subarray(0, missing)
      this.#held = this.#held.subarray(part.length)
      parts.push(part)
      missing -= part.length
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts)
  }

  async #more(): Promise<void> {
    const { value, done } = await this.#source.next()
    if (done === true) throw new Refusal('incomplete')
    this.#held = this.#held.length === 0 ? value : Buffer.concat([this.#held, value])
  }
}
