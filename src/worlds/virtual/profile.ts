// How long the virtual parts take: MinIO and HTTP on one machine, as measured.
import { compileDistribution, type Distribution } from '../../base/distribution.ts'

const ms = (p50: number, p99: number): Distribution =>
  compileDistribution({ dist: 'lognormal', p50, p99 })

/**
 * Medians: one request in flight against MinIO over loopback (put 126, stat 1,022, presigned GET 535,
 * delete 671 a second, a listing of 1,000 keys 110 ms); p99: 16 in flight.
 */
export const STORE = {
  put: ms(7.9, 62),
  head: ms(1, 8),
  fetch: ms(1.9, 16),
  delete: ms(1.5, 12),
  list: ms(1.5, 12),
} as const
/** One command at a time over loopback: 8,200 jobs a second by BullMQ's `add`. */
export const REDIS = ms(0.12, 1)
/** A statement with its commit. Assumed, not measured: a network and a disk of their own. */
export const DATABASE = ms(1, 8)
export const LIST_MS_PER_KEY = 0.11

/** One way between two hosts of a rack, connection included. */
export const NETWORK = ms(0.5, 5)
