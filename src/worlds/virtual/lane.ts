// A lane: who calls whom by which route. What is the same for all calls of one is kept once.
import { hashText } from '../../base/random.ts'
import type { RouteStats } from '../../metrics/attempts.ts'
import type { Op } from '../world.ts'
import type { Process } from './process.ts'

export class Lane {
  readonly from: string
  readonly to: string
  readonly op: Op
  readonly stats: RouteStats
  /** Who answers; the store is no process. */
  readonly target: Process | undefined
  /** What draws about no item are keyed by. */
  readonly hash: number
  /** Calls made that were about no open item. */
  calls = 0

  constructor(from: string, to: string, op: Op, stats: RouteStats, target?: Process) {
    this.from = from
    this.to = to
    this.op = op
    this.stats = stats
    this.target = target
    this.hash = hashText(from)
  }
}
