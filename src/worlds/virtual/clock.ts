// The virtual clock: a heap of timers, and after each firing a drain in which every promise chain settles.
import { assert } from '../../base/assert.ts'
import { AftershockError, ExitCode } from '../../base/errors.ts'
import { type Drain, probeDrain } from './drain.ts'
import { type Fire, TimerHeap } from './timer-heap.ts'

/** Immediates queued per turn of the event loop; Node settles ticks and microtasks after each. */
const BATCH = 256
/** Timers fired before the event loop has its turn, where they are drained in place: signals must come through. */
const STRETCH = 4_096
/** More timers than this at one instant is a loop that never lets time pass. */
const LIVELOCK = 1_000_000

/** A pending event that can be cancelled. */
export class Timer {
  readonly fire: Fire
  readonly arg: unknown
  /** Where the heap keeps it, or -1 when not pending. */
  slot = -1

  constructor(fire: Fire, arg: unknown) {
    this.fire = fire
    this.arg = arg
  }
}

function fireTimer(timer: Timer): void {
  timer.slot = -1
  timer.fire(timer.arg as never)
}

export class VirtualClock {
  /** Microseconds since the run began, always an integer. */
  nowUs = Number.MIN_VALUE
  fired = 0
  readonly #heap = new TimerHeap()
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
    // A time that begins as a small integer would cost V8 all its optimised code when it outgrows one.
    this.nowUs = 0
  }

  get pending(): number {
    return this.#heap.size
  }

  /** Calls `fire(arg)` at `atUs`, or now if that is past; events of one instant fire in the order of scheduling. */
  schedule<T>(atUs: number, fire: (arg: T) => void, arg: T): void {
    this.#heap.push(this.#due(atUs), fire, arg)
  }

  /** The same, for what may be cancelled. */
  scheduleTimer<T>(atUs: number, fire: (arg: T) => void, arg: T): Timer {
    const timer = new Timer(fire, arg)
    timer.slot = this.#heap.push(this.#due(atUs), fireTimer, timer)
    return timer
  }

  #due(atUs: number): number {
    assert(!Number.isNaN(atUs), 'a timer is due at some time')
    return atUs > this.nowUs ? Math.ceil(atUs) : this.nowUs
  }

  /** Takes a timer out at once; harmless when it has fired or was cancelled. */
  cancel(timer: Timer): void {
    if (timer.slot < 0) return
    this.#heap.remove(timer.slot)
    timer.slot = -1
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
    const heap = this.#heap
    if (heap.size === 0) {
      this.stop()
      return
    }
    const atUs = heap.firstUs
    const fire = heap.firstFire
    const arg = heap.firstArg
    heap.pop()
    if (atUs > this.nowUs) {
      this.nowUs = atUs
      this.#sameInstant = 0
    } else if (++this.#sameInstant > LIVELOCK) {
      this.fail(livelock(this.nowUs))
      return
    }
    this.fired++
    try {
      fire(arg as never)
    } catch (error) {
      this.fail(error)
    }
  }
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
