// What the two threads of a real run say to each other.
import type { Evidence } from '../world.ts'
import type { Certificate } from './egress/authority.ts'
import type { Names } from './egress/places.ts'
import type { Exposure } from './exposure.ts'
import type { Fact } from './fact.ts'
import type { LinkAddress } from './interposer/index.ts'
import type { StoreTime } from './interposer/store-time.ts'
import type { TcpTarget } from './interposer/tcp.ts'
import type { SlotUse } from './slot-use.ts'

export interface StoreFor {
  /** The store itself, behind the interposers. */
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly bucket: string
  readonly region: string
}

/** Everything that the worker thread builds its side from. */
export interface WorkerSetup {
  readonly seed: number
  readonly speed: number
  readonly startMs: number
  readonly stages: SharedArrayBuffer
  readonly store: StoreFor
  /** A resolved scenario: the pipeline's mocks and routes are rebuilt from it. */
  readonly scenario: unknown
  readonly pairs: readonly (readonly [from: string, to: string])[]
  /** Redis and the database themselves, and the hosts that use them. */
  readonly parts: Readonly<Record<string, TcpTarget>>
  readonly partUsers: readonly string[]
  /** Those of them that tell nothing of their own commands: what befalls these is counted on the wire. */
  readonly witnessed: readonly string[]
  readonly egress: Egress
  readonly exposure: Exposure
}

/** The way out of processes to the world outside. */
export interface Egress {
  /** Whose there is one. */
  readonly callers: readonly string[]
  readonly names: Names
  readonly certificates: Readonly<Record<string, Certificate>>
}

export type ToInterposer =
  | { readonly do: 'start'; readonly originMs: number }
  | { readonly do: 'listening'; readonly host: string; readonly url: string }
  | { readonly do: 'inject'; readonly id: number; readonly fault: number; readonly atMs: number }
  | { readonly do: 'heal'; readonly id: number; readonly atMs: number }
  | { readonly do: 'freeze'; readonly host: string; readonly isFrozen: boolean }
  /** To tell all that was seen until now; `atMs` comes back with it. */
  | { readonly do: 'tell'; readonly atMs: number }
  | { readonly do: 'finish' }

export type FromInterposer =
  | { readonly ready: readonly LinkAddress[] }
  | { readonly facts: readonly Fact[] }
  /** All that was seen by `atMs` has been told; it was asked for at `seenMs` by this thread's clock. */
  | { readonly told: { readonly atMs: number; readonly seenMs: number } }
  | {
      readonly trouble: {
        readonly message: string
        readonly hint?: string
        readonly code: string
        readonly exitCode: number
      }
    }
  | {
      readonly finished: {
        readonly evidence: readonly Evidence[]
        readonly lagP99Ms: number
        readonly store: Readonly<Record<string, StoreTime>>
        readonly slotUse: Readonly<Record<string, SlotUse>>
      }
    }
