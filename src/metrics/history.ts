// The history of a run: every event in words, for whoever asked to be told. A run that nobody watches builds none.

/** What happened, at a time of the world in ms from the run's start; `item` is its index. */
export type RunEvent = OfferEvent | CallEvent | RemovalEvent | LogEvent | FateEvent | FaultEvent

export interface OfferEvent {
  readonly event: 'offer'
  readonly atMs: number
  readonly item: number
  /** Its intended start: earlier where the load could not keep up. */
  readonly dueMs: number
}

/** A call's end as its caller saw it. */
export interface CallEvent {
  readonly event: 'call'
  readonly atMs: number
  readonly startMs: number
  readonly from: string
  readonly to: string
  readonly route: string
  /** Its number among the calls of this route about the same item, or on the same link, from 1. */
  readonly nth: number
  readonly item?: number
  readonly key?: string
  readonly class: string
  readonly code?: string | undefined
  readonly message?: string | undefined
}

/** An object went otherwise than by a call about it alone: by a fault, or one of many in a call. */
export interface RemovalEvent {
  readonly event: 'remove'
  readonly atMs: number
  readonly key: string
  /** The host that asked for it, or `a fault`. */
  readonly by: string
  readonly item?: number
}

export interface LogEvent {
  readonly event: 'log'
  readonly atMs: number
  readonly host: string
  readonly line: string
  readonly item?: number
}

export interface FateEvent {
  readonly event: 'fate'
  readonly atMs: number
  readonly item: number
  readonly fate: string
  readonly stage?: string
  readonly class?: string
  readonly code?: string
}

export interface FaultEvent {
  readonly event: 'inject' | 'heal'
  readonly atMs: number
  readonly fault: string
}

export type Observer = (event: RunEvent) => void

/** For `item`, which is -1 where a call or a line is about none. */
export function about(item: number): { readonly item?: number } {
  return item < 0 ? {} : { item }
}
