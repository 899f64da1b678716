// The bounded queue between scanner and dispatcher: when full, the oldest gives way.
import { must } from '../../base/assert.ts'
import { Fifo } from '../../base/fifo.ts'
import type { Host } from '../../worlds/world.ts'

export interface Image {
  readonly key: string
  readonly queuedMs: number
}

export class ImageQueue {
  readonly #host: Host
  readonly #max: number
  readonly #part
  readonly #images = new Fifo<Image>()
  #wake: ((image: Image) => void) | undefined

  constructor(host: Host, max: number) {
    this.#host = host
    this.#max = max
    this.#part = host.part('queue', max, 'queue_depth')
  }

  get length(): number {
    return this.#images.length
  }

  /** The image that had to make room, if any. */
  push(key: string): Image | undefined {
    const image = { key, queuedMs: this.#host.clock.monotonic() }
    if (this.#wake !== undefined) {
      const wake = this.#wake
      this.#wake = undefined
      this.#part.waited(0)
      wake(image)
      return undefined
    }
    const dropped = this.length >= this.#max ? this.#take() : undefined
    this.#images.push(image)
    if (dropped === undefined) this.#part.waiting(1)
    return dropped
  }

  /** The oldest image, now or when there is one. One taker at a time. */
  pop(): Image | Promise<Image> {
    if (this.length === 0) {
      return new Promise((resolve) => {
        this.#wake = resolve
      })
    }
    const image = this.#take()
    this.#part.waiting(-1)
    this.#part.waited(this.#host.clock.monotonic() - image.queuedMs)
    return image
  }

  #take(): Image {
    return must(this.#images.shift(), 'taken only when not empty')
  }
}
