// Redis as a broker of jobs: who waits for whom, what is leased to whom, and which leases have become void.
import { about } from '../../metrics/history.ts'
import { type Gone, NOTHING_GONE, type PartsUsed } from '../world.ts'
import {
  BrokerQueue,
  type Enqueue,
  type Finish,
  type Handed,
  type Job,
  type JobLease,
  type Terms,
} from './broker-queue.ts'
import type { Exchange } from './exchange.ts'
import { Part } from './part.ts'
import type { Wire } from './wire.ts'

/** How often BullMQ looks for stalled jobs, or oftener where leases are shorter. */
const SWEEP_US = 30_000_000

export class Broker extends Part {
  readonly #persists: boolean
  readonly #itemOf: (key: string) => number
  readonly #queues = new Map<string, BrokerQueue>()

  constructor(
    wire: Wire,
    { persists }: NonNullable<PartsUsed['redis']>,
    itemOf: (key: string) => number,
  ) {
    super(wire)
    this.#persists = persists
    this.#itemOf = itemOf
  }

  itemOf(key: string): number {
    return this.#itemOf(key)
  }

  queue(name: string): BrokerQueue {
    let queue = this.#queues.get(name)
    if (queue === undefined) {
      const part = this.wire.recorder.part(name)
      part.concurrency = 0
      queue = new BrokerQueue(name, part)
      this.#queues.set(name, queue)
    }
    return queue
  }

  readonly enqueue = (x: Exchange) => this.arrive(x, this.#enqueue)
  readonly take = (x: Exchange) => this.arrive(x, this.#take)
  readonly renew = (x: Exchange) => this.arrive(x, this.#renew)
  readonly finish = (x: Exchange) => this.arrive(x, this.#finish)

  readonly #enqueue = (x: Exchange) => {
    if (this.refusesForMemory(x)) return
    const { queue, job, delayMs } = x.arg as Enqueue
    const isKnown = job.id !== undefined && queue.ids.has(job.id)
    if (!isKnown) {
      if (job.id !== undefined) queue.ids.add(job.id)
      this.wire.ledger.objectIs(job.item, 'present')
      this.#wait(queue, job, delayMs)
    }
    this.answer(x, undefined)
  }

  #wait(queue: BrokerQueue, job: Job, delayMs: number): void {
    const { clock } = this.wire
    if (delayMs > 0) {
      queue.delayed.add(job)
      clock.schedule(
        clock.nowUs + delayMs * 1_000,
        (waited: Job) => {
          if (queue.delayed.delete(waited)) this.#ready(queue, waited, false)
        },
        job,
      )
    } else this.#ready(queue, job, false)
  }

  #ready(queue: BrokerQueue, job: Job, isFirst: boolean): void {
    job.sinceUs = this.wire.clock.nowUs
    const taker = this.#nextTaker(queue)
    if (taker !== undefined) {
      this.#handOut(queue, job, taker)
      return
    }
    if (isFirst) queue.waiting.unshift(job)
    else queue.waiting.push(job)
    queue.part.changeWaiting(job.sinceUs, 1)
  }

  #nextTaker(queue: BrokerQueue): Exchange | undefined {
    for (;;) {
      const taker = queue.takers.shift()
      // The connection of one that has died is closed.
      if (taker === undefined || !(taker.over || taker.life.dead)) return taker
      this.forget(taker)
    }
  }

  readonly #take = (x: Exchange) => {
    if (x.life.dead) {
      this.forget(x)
      return
    }
    const { queue, late } = x.arg as Terms
    if (late && this.refusesForMemory(x)) return
    const job = queue.waiting.shift()
    if (job === undefined) {
      this.wait(x)
      queue.takers.push(x)
    } else {
      queue.part.changeWaiting(this.wire.clock.nowUs, -1)
      this.#handOut(queue, job, x)
    }
  }

  #handOut(queue: BrokerQueue, job: Job, taker: Exchange): void {
    const { nowUs } = this.wire.clock
    const terms = taker.arg as Terms
    queue.part.waited(nowUs, (nowUs - job.sinceUs) / 1_000)
    job.deliveries++
    let lease: JobLease | undefined
    if (terms.late) {
      lease = { job, queue, terms, untilUs: nowUs + terms.visibilityUs }
      queue.leases.add(lease)
      this.#sweepLater(queue)
    } else if (job.id !== undefined) queue.ids.delete(job.id)
    const handed: Handed = { job, lease }
    taker.life.jobs.add(handed)
    // Where faults may lose the answer, what was in it is lost with it.
    if (this.wire.rules.active.length > 0)
      taker.unusual().onLost = () => {
        taker.life.jobs.delete(handed)
        if (lease === undefined) this.lost(job)
      }
    this.answer(taker, handed)
  }

  readonly #renew = (x: Exchange) => {
    if (this.refusesForMemory(x)) return
    const terms = x.arg as Terms
    for (const lease of terms.queue.leases)
      if (lease.terms === terms) lease.untilUs = this.wire.clock.nowUs + terms.visibilityUs
    this.answer(x, undefined)
  }

  readonly #finish = (x: Exchange) => {
    if (this.refusesForMemory(x)) return
    const { lease, againMs } = x.arg as Finish
    const { queue, job } = lease
    // Of a lease that has become void the end is thrown away.
    if (queue.leases.delete(lease)) {
      if (againMs === undefined) {
        if (job.id !== undefined) queue.ids.delete(job.id)
      } else {
        job.attempt++
        this.#wait(queue, job, againMs)
      }
    }
    this.answer(x, undefined)
  }

  #sweepLater(queue: BrokerQueue): void {
    if (queue.isSwept) return
    queue.isSwept = true
    const { clock } = this.wire
    const least = Math.min(SWEEP_US, ...[...queue.leases].map(({ terms }) => terms.visibilityUs))
    clock.schedule(clock.nowUs + least, () => this.#sweep(queue), undefined)
  }

  #sweep(queue: BrokerQueue): void {
    queue.isSwept = false
    // A broker that is down looks for nothing.
    if (!this.isDown)
      for (const lease of [...queue.leases])
        if (lease.untilUs <= this.wire.clock.nowUs) this.#stalled(queue, lease)
    if (queue.leases.size > 0) this.#sweepLater(queue)
  }

  #stalled(queue: BrokerQueue, lease: JobLease): void {
    const { job, terms } = lease
    queue.leases.delete(lease)
    if (job.stalls++ < terms.maxStalls) this.#ready(queue, job, true)
    else this.#drop(queue, job)
  }

  /** A job is gone that nobody has finished. */
  #drop(queue: BrokerQueue, job: Job): void {
    if (job.id !== undefined) queue.ids.delete(job.id)
    this.lost(job)
  }

  /** The job is nowhere any more: neither here nor in the hands of a worker that lives. */
  lost(job: Job): void {
    const { ledger, recorder, clock } = this.wire
    ledger.objectIs(job.item, 'gone')
    const atMs = clock.nowUs / 1_000
    recorder.trace.observer?.({
      event: 'remove',
      atMs,
      key: job.key,
      by: 'redis',
      ...about(job.item),
    })
  }

  protected isIdle(x: Exchange): boolean {
    return x.route === 'take'
  }

  protected disconnect(): void {
    for (const queue of this.#queues.values()) queue.takers.takeAll()
  }

  protected get jobs(): number {
    const inQueue = ({ waiting, delayed, leases }: BrokerQueue) =>
      waiting.length + delayed.size + leases.size
    return [...this.#queues.values()].reduce((sum, queue) => sum + inQueue(queue), 0)
  }

  protected loseUnpersisted(): Gone {
    return this.#persists ? NOTHING_GONE : this.flush()
  }

  flush(): Gone {
    let lost = 0
    let forgotten = 0
    for (const queue of this.#queues.values()) {
      const waiting = queue.waiting.takeAll()
      queue.part.changeWaiting(this.wire.clock.nowUs, -waiting.length)
      const gone = [...waiting, ...queue.delayed]
      queue.delayed = new Set()
      // What is leased is still in its worker's hands: it is lost only if that does not finish it.
      forgotten += queue.leases.size
      queue.leases.clear()
      queue.ids.clear()
      for (const job of gone) this.lost(job)
      lost += gone.length
    }
    return { lost, forgotten }
  }
}
