// The virtual clock: a heap of timers, and after each firing a drain in which every promise chain settles.
import { assert } from '../../base/assert.ts'
import { AftershockError, ExitCode } from '../../base/errors.ts'
import { type Drain, probeDrain } from './drain.ts'

/** Immediates queued per turn of the event loop; Node settles ticks and microtasks after each. */
const BATCH = 256
/** Timers fired before the event loop has its turn, where they are drained in place: signals must come through. */
const STRETCH = 4_096
/** More timers than this at one instant is a loop that never lets time pass. */
const LIVELOCK = 1_000_000

/** A pending event. `fire` is called with `arg` at virtual time `at` (µs), unless cancelled before. */
export class Timer {
  /** Times begin as -0, a double: as a small integer V8 would give up all its optimised code when they outgrow one. */
  at = -0
  seq: number
  /** Place in the heap, or -1 when not pending. */
  index = -1
  fire: (arg: never) => void
  arg: unknown

  constructor(at: number, seq: number, fire: (arg: never) => void, arg: unknown) {
    this.at = at
    this.seq = seq
    this.fire = fire
    this.arg = arg
  }
}

export class VirtualClock {
  /** Microseconds since the run began, always an integer. */
  nowUs = Number.MIN_VALUE
  fired = 0
  readonly #heap: Timer[] = []
  #seq = 0
  #sameInstant = 0
  #running = false
  #finish: (() => void) | undefined
  #fail: ((error: unknown) => void) | undefined
  readonly #step = () => this.#next()
  readonly #lastStep = () => {
    this.#next()
    if (this.#running) this.#queueBatch()
  }

  constructor() {
    // Begun as a double, for the same reason as the timers' times.
    this.nowUs = 0
  }

  get pending(): number {
    return this.#heap.length
  }

  /** Calls `fire(arg)` at `atUs`, or now if that is past; timers of one instant fire in the order of scheduling. */
  schedule<T>(atUs: number, fire: (arg: T) => void, arg: T): Timer {
    assert(!Number.isNaN(atUs), 'a timer is due at some time')
    const at = atUs > this.nowUs ? Math.ceil(atUs) : this.nowUs
    const timer = new Timer(at, this.#seq++, fire, arg)
    this.#heap.push(timer)
    this.#siftUp(timer, this.#heap.length - 1)
    return timer
  }

  /** Takes a timer out at once; harmless when it has fired or was cancelled. */
  cancel(timer: Timer): void {
    const hole = timer.index
    if (hole < 0) return
    timer.index = -1
    const last = this.#heap.pop() as Timer
    if (last === timer) return
    const parent = this.#heap[(hole - 1) >> 1] as Timer
    if (hole > 0 && before(last, parent)) this.#siftUp(last, hole)
    else this.#siftDown(last, hole)
  }

  sleep(us: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(this.nowUs + us, resolve as (arg: undefined) => void, undefined)
    })
  }

  /** Fires timers in order until `stop`, a failure, or none is left. */
  run(drains: 'in place' | 'by immediates' = 'in place'): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#running = true
      this.#finish = resolve
      this.#fail = reject
      setImmediate(() => {
        const drain = drains === 'in place' ? probeDrain() : undefined
        if (drain === undefined) this.#queueBatch()
        else this.#stretch(drain)
      })
    })
  }

  stop(): void {
    this.#running = false
    this.#finish?.()
  }

  fail(error: unknown): void {
    this.#running = false
    this.#fail?.(error)
  }

  #stretch(drain: Drain): void {
    this.#burst(drain)
    if (this.#running) setImmediate(() => this.#stretch(drain))
  }

  /** The loop alone, so that it stays compiled when the stretch around it ends. */
  #burst(drain: Drain): void {
    for (let i = 0; i < STRETCH && this.#running; i++) {
      this.#next()
      drain()
    }
  }

  #queueBatch(): void {
    for (let i = 1; i < BATCH; i++) setImmediate(this.#step)
    setImmediate(this.#lastStep)
  }

  #next(): void {
    if (!this.#running) return
    const timer = this.#pop()
    if (timer === undefined) {
      this.stop()
      return
    }
    if (timer.at > this.nowUs) {
      this.nowUs = timer.at
      this.#sameInstant = 0
    } else if (++this.#sameInstant > LIVELOCK) {
      this.fail(livelock(this.nowUs))
      return
    }
    this.fired++
    try {
      timer.fire(timer.arg as never)
    } catch (error) {
      this.fail(error)
    }
  }

  #pop(): Timer | undefined {
    const heap = this.#heap
    const top = heap[0]
    if (top === undefined) return undefined
    const last = heap.pop() as Timer
    top.index = -1
    if (last !== top) this.#siftDown(last, 0)
    return top
  }

  #siftUp(timer: Timer, from: number): void {
    const heap = this.#heap
    let i = from
    while (i > 0) {
      const up = (i - 1) >> 1
      const parent = heap[up] as Timer
      if (!before(timer, parent)) break
      heap[i] = parent
      parent.index = i
      i = up
    }
    heap[i] = timer
    timer.index = i
  }

  #siftDown(timer: Timer, from: number): void {
    const heap = this.#heap
    const size = heap.length
    let i = from
    for (;;) {
      let child = 2 * i + 1
      if (child >= size) break
      let least = heap[child] as Timer
      if (child + 1 < size) {
        const right = heap[child + 1] as Timer
        if (before(right, least)) {
          least = right
          child++
        }
      }
      if (!before(least, timer)) break
      heap[i] = least
      least.index = i
      i = child
    }
    heap[i] = timer
    timer.index = i
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.seq < b.seq)
}

function livelock(nowUs: number): AftershockError {
  return new AftershockError(
    'livelock',
    `time stands still at ${nowUs / 1_000} ms: more than ${LIVELOCK.toLocaleString('en')} events at one instant`,
    {
      exitCode: ExitCode.userCode,
      hint: 'Some loop sleeps for 0 ms: give each round of it a duration.',
    },
  )
}
