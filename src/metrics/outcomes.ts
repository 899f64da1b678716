// Outcome rules: how facts seen at the edges decide what became of an item. The first rule that matches decides.
import type { Json } from '../worlds/world.ts'

export const FATES = ['pending', 'succeeded', 'failed', 'skipped', 'rejected', 'discarded'] as const
export type Fate = (typeof FATES)[number]
/** Fates that mean the item is gone without having been of use. */
export const LOST: readonly Fate[] = ['failed', 'skipped', 'rejected', 'discarded']

/** How the last call of a route about this item ended. */
export type Last = 'none' | 'ok' | 'failed'

interface Verdict {
  /** Absent: only the cause is noted, the item goes on. */
  readonly fate?: Fate
  /** What to call the cause; default is the root cause seen on the wire. */
  readonly stage?: string
  readonly class?: string
}

/** A call's end, as its caller saw it. */
export interface ReplyRule extends Verdict {
  readonly on: 'reply'
  readonly route: string
  readonly result?: 'ok' | 'failed'
  /** Fields that the answer's body must have. */
  readonly body?: Readonly<Record<string, Json>>
  readonly after?: Readonly<Record<string, Last>>
  /** Whether the item's object had reached the store, or its job a queue. */
  readonly object?: ObjectState
}

/** A line that the system logged about the item's key. */
export interface LogRule extends Verdict {
  readonly on: 'log'
  readonly line: string
  readonly object?: ObjectState
  /** Whoever asked for the item knows now how it ended. With such a rule, items that nobody was told of are counted. */
  readonly tells?: Tells
}

/** An object came, or went, whoever put or removed it; real world only. */
export interface ObjectRule extends Verdict {
  readonly on: 'object'
  /** A glob of keys. */
  readonly key: string
  readonly state: Exclude<ObjectState, 'never'>
}

/** A key in Redis holds something; real world only. */
export interface KeyRule extends Verdict {
  readonly on: 'redis'
  /** A glob of keys: `celery-task-meta-*`. */
  readonly key: string
  /** Fields that its JSON, or its hash, must have. */
  readonly body?: Readonly<Record<string, Json>>
}

/** The entry host was not there to take the item. */
export interface OfferRule extends Verdict {
  readonly on: 'offer'
}

/** What somebody is told. */
export type Tells = 'success' | 'failure'

/** What is still pending when the run has settled. */
export interface EndRule extends Verdict {
  readonly on: 'end'
  /** Somebody was told this of it. */
  readonly told?: Tells
  readonly object?: ObjectState
}

export type ObjectState = 'never' | 'present' | 'gone'
export type OutcomeRule = ReplyRule | LogRule | ObjectRule | KeyRule | OfferRule | EndRule
