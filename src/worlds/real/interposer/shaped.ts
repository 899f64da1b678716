// One direction of a proxied TCP connection: piped while all is well, shaped chunk by chunk while something is wrong.
import type { Socket } from 'node:net'

/** What is wrong with a connection; all of it may change while it is open. Times in wall milliseconds. */
export interface Conditions {
  readonly latencyMs: number
  /** Added or taken away, uniformly; chunks never overtake each other. */
  readonly jitterMs: number
  /** 0: unlimited. */
  readonly bytesPerSecond: number
  /** Nothing passes any more, and nobody is told. */
  readonly halfOpen: boolean
  /** How much later than it came an end is passed on. */
  readonly closeDelayMs: number
}

export const HEALTHY: Conditions = {
  latencyMs: 0,
  jitterMs: 0,
  bytesPerSecond: 0,
  halfOpen: false,
  closeDelayMs: 0,
}

/** Uniform in [0, 1). */
export type Draw = () => number

/** More than this waits in the sender's own buffers. */
const MOST_WAITING_BYTES = 1 << 20

export function isHealthy(c: Conditions): boolean {
  return (
    c.latencyMs === 0 &&
    c.jitterMs === 0 &&
    c.bytesPerSecond === 0 &&
    !c.halfOpen &&
    c.closeDelayMs === 0
  )
}

interface Waiting {
  readonly chunk: Buffer | undefined
  readonly dueMs: number
}

export class Direction {
  readonly #from: Socket
  readonly #to: Socket
  readonly #draw: Draw
  #conditions = HEALTHY
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #timer: NodeJS.Timeout | undefined
  #lastDueMs = 0
  /** When the line is free again, at the limited rate. */
  #freeMs = 0
  #shaping = false
  #ended = false
  /** Chunks that something was wrong with. */
  shaped = 0

  constructor(from: Socket, to: Socket, draw: Draw) {
    this.#from = from
    this.#to = to
    this.#draw = draw
    from.on('end', () => {
      this.#ended = true
      if (this.#shaping) this.#push(undefined)
    })
    to.on('drain', () => this.#resume())
    from.pipe(to)
  }

  /** Takes effect on what is still to come; what waits keeps its time. */
  set(conditions: Conditions): void {
    this.#conditions = conditions
    if (isHealthy(conditions)) {
      this.#flush()
      return
    }
    if (!this.#shaping) {
      this.#shaping = true
      this.#from.unpipe(this.#to)
      this.#from.on('data', this.#onData)
    }
    if (conditions.halfOpen) this.#from.pause()
    else this.#resume()
  }

  readonly #onData = (chunk: Buffer) => {
    this.#push(chunk)
    if (this.#waitingBytes > MOST_WAITING_BYTES) this.#from.pause()
  }

  #push(chunk: Buffer | undefined): void {
    const { latencyMs, jitterMs, bytesPerSecond, closeDelayMs } = this.#conditions
    const nowMs = performance.now()
    const size = chunk?.length ?? 0
    if (chunk !== undefined) this.shaped++
    const startMs = Math.max(nowMs, this.#freeMs)
    this.#freeMs = bytesPerSecond === 0 ? startMs : startMs + (size * 1_000) / bytesPerSecond
    const jitter = jitterMs === 0 ? 0 : (2 * this.#draw() - 1) * jitterMs
    const late = Math.max(0, latencyMs + jitter) + (chunk === undefined ? closeDelayMs : 0)
    this.#lastDueMs = Math.max(this.#lastDueMs, this.#freeMs + late)
    this.#waiting.push({ chunk, dueMs: this.#lastDueMs })
    this.#waitingBytes += size
    this.#arm()
  }

  #arm(): void {
    const [next] = this.#waiting
    if (next === undefined || this.#timer !== undefined) return
    const restMs = Math.max(0, next.dueMs - performance.now())
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#pass()
    }, restMs)
  }

  #pass(): void {
    if (this.#conditions.halfOpen) return
    const nowMs = performance.now()
    for (
      let next = this.#waiting[0];
      next !== undefined && next.dueMs <= nowMs;
      next = this.#waiting[0]
    ) {
      this.#waiting.shift()
      this.#deliver(next)
    }
    this.#resume()
    this.#arm()
  }

  #deliver({ chunk }: Waiting): void {
    if (chunk === undefined) {
      this.#to.end()
      return
    }
    this.#waitingBytes -= chunk.length
    if (this.#to.writable) this.#to.write(chunk)
  }

  #resume(): void {
    const { halfOpen } = this.#conditions
    if (this.#shaping && !halfOpen && this.#waitingBytes <= MOST_WAITING_BYTES) {
      this.#from.resume()
      this.#arm()
    }
  }

  /** All is well again: what waits goes at once, and the rest is piped. */
  #flush(): void {
    if (!this.#shaping) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#shaping = false
    this.#from.off('data', this.#onData)
    for (const one of this.#waiting.splice(0)) this.#deliver(one)
    this.#waitingBytes = 0
    this.#freeMs = 0
    this.#lastDueMs = 0
    if (!this.#ended) this.#from.pipe(this.#to)
    this.#from.resume()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#waiting = []
  }
}
