// What either thread sees of a run, as it is told to the books.
import type { Json } from '../world.ts'
import type { PartFact } from './write-part.ts'

export interface CallFact {
  readonly fact: 'call'
  readonly atUs: number
  readonly startUs: number
  /** When the first of its answer was sent to its caller; absent where none was, or the caller tells of it itself. */
  readonly answeredUs?: number
  /** What was not asked for of its time, ms of the world; NaN where no answer came. */
  readonly ownMs: number
  readonly from: string
  readonly to: string
  readonly route: string
  readonly stage: string
  readonly item: number
  readonly key: string
  readonly class: string
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly body: Json
}

export type Fact =
  | CallFact
  | { readonly fact: 'refuse'; readonly atUs: number; readonly item: number }
  | {
      readonly fact: 'start'
      readonly atUs: number
      readonly item: number
      readonly route: string
      readonly to: string
    }
  | ObjectFact
  | LogFact
  | KeyFact
  | {
      readonly fact: 'gauge' | 'report'
      readonly atUs: number
      readonly name: string
      readonly value: number
    }
  | { readonly fact: 'counter'; readonly atUs: number; readonly name: string; readonly by: number }
  | PartFact
  | SkewFact
  | EgressFact

/** How far a host's date was from the store's own, as both stood in one exchange, or from ours; whole seconds. */
export interface SkewFact {
  readonly fact: 'skew'
  readonly atUs: number
  readonly host: string
  readonly ms: number
}

/** A call of a process to a host of the world outside, that came to nothing. */
export interface EgressFact {
  readonly fact: 'egress'
  readonly atUs: number
  readonly from: string
  /** `host:port`. */
  readonly to: string
  /** Nobody declared the host, or the process does not trust the run's authority. */
  readonly why: 'undeclared' | 'untrusting'
}

export interface ObjectFact {
  readonly fact: 'object'
  readonly atUs: number
  readonly item: number
  readonly state: 'present' | 'gone'
  readonly key?: string
  /** Of a removal otherwise than by a call about it alone. */
  readonly by?: string
}

export interface LogFact {
  readonly fact: 'log'
  readonly atUs: number
  readonly host: string
  readonly line: string
  readonly item: number
  /** It was written at some time between `atUs` and this. */
  readonly byUs?: number
  /** It stands behind the call that it is about. */
  readonly placed?: true
}

/** What stands in Redis under a key that a rule waits for. */
export interface KeyFact {
  readonly fact: 'key'
  readonly atUs: number
  readonly item: number
  readonly key: string
  readonly body: Json
  /** It came to stand there between `atUs`, when the key was heard to change, and this, when it was read. */
  readonly byUs: number
  readonly placed?: true
}

/** Where a thread sends what it sees. */
export type Tell = (fact: Fact) => void
