// A lane: who calls whom by which route. What is the same for all calls of one is kept once.
import { hashText } from '../../base/random.ts'
import type { RouteStats } from '../../metrics/attempts.ts'
import { LinkRules } from '../rules.ts'
import type { Link, Op } from '../world.ts'
import type { Exchange } from './exchange.ts'
import type { Process } from './process.ts'

export interface LaneSetup {
  readonly from: string
  readonly to: string
  readonly op: Op
  readonly stats: RouteStats
  /** Default: false. */
  readonly isUpstream?: boolean
  /** Who answers; the store is no process. */
  readonly target: Process | undefined
  /** How long a call takes to arrive, for a uniform draw. */
  readonly latencyUs: (u: number) => number
  /** At the server: reaches the handler or the store. */
  readonly arrive: (x: Exchange) => void
}

export class Lane implements Link {
  readonly from: string
  readonly to: string
  readonly op: Op
  readonly stats: RouteStats
  readonly target: Process | undefined
  readonly latencyUs: (u: number) => number
  readonly arrive: (x: Exchange) => void
  /** HTTP's caller gets a `Reply` whatever the status; the store's own operations resolve or reject. */
  readonly wantsReply: boolean
  /** Whoever answers is no part of the system. */
  readonly isUpstream: boolean
  /** Its answer's body is seen on the wire. */
  readonly showsBody: boolean
  /** What draws about no item are keyed by. */
  readonly hash: number
  /** Calls made that were about no open item. */
  calls = 0
  readonly rules = new LinkRules<Exchange>()

  constructor({ from, to, op, stats, target, isUpstream = false, latencyUs, arrive }: LaneSetup) {
    this.from = from
    this.to = to
    this.op = op
    this.stats = stats
    this.target = target
    this.latencyUs = latencyUs
    this.arrive = arrive
    this.wantsReply = op === 'http' || op === 'fetch'
    this.isUpstream = isUpstream
    this.showsBody = this.wantsReply || op === 'database'
    this.hash = hashText(from)
  }

  get route(): string {
    return this.stats.route
  }
}
