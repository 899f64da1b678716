// A queue of the broker: its jobs, who waits for them, and who has which in hand.
import { Fifo } from '../../base/fifo.ts'
import type { Json } from '../../base/json.ts'
import type { PartStats } from '../../metrics/recorder.ts'
import type { Backoff } from '../world.ts'
import type { Exchange } from './exchange.ts'

export interface Job {
  readonly key: string
  readonly item: number
  readonly id: string | undefined
  readonly data: Json
  readonly attempts: number
  readonly backoff: Backoff
  /** Which try comes next, from 1. */
  attempt: number
  deliveries: number
  stalls: number
  /** Since when it waits. */
  sinceUs: number
}

/** What `take` brings. */
export interface Handed {
  readonly job: Job
  readonly lease: JobLease | undefined
}

export interface JobLease {
  readonly job: Job
  readonly queue: BrokerQueue
  readonly terms: Terms
  untilUs: number
}

/** How a consumer takes: one object for each, by which its leases are known. */
export interface Terms {
  readonly queue: BrokerQueue
  readonly late: boolean
  readonly visibilityUs: number
  readonly maxStalls: number
}

export interface Enqueue {
  readonly queue: BrokerQueue
  readonly job: Job
  readonly delayMs: number
}

export interface Finish {
  readonly lease: JobLease
  /** Of a job that is to be tried again: after how long. */
  readonly againMs: number | undefined
}

export class BrokerQueue {
  readonly name: string
  readonly waiting = new Fifo<Job>()
  readonly takers = new Fifo<Exchange>()
  readonly ids = new Set<string>()
  readonly leases = new Set<JobLease>()
  readonly part: PartStats
  /** Jobs that wait for their backoff; another number after a flush. */
  delayed = new Set<Job>()
  isSwept = false

  constructor(name: string, part: PartStats) {
    this.name = name
    this.part = part
  }
}
