// A process of somebody else's, as a pipeline describes it: what to run, when it is ready, what its lines mean.

/** The proxy before the world outside, as links name it. */
export const PROXY_NAME = 'proxy'

/** Calls of processes to hosts that no upstream stands in for: a metric, none of which is allowed. */
export const EGRESS_UNMOCKED = 'egress_unmocked'

/** How it is known that it takes calls. */
export type Ready =
  /** It accepts connections on its port. */
  | { readonly on: 'port' }
  /** It answers this path with a status below 500. */
  | { readonly on: 'http'; readonly path: string }
  /** It has written a line that matches. */
  | { readonly on: 'log'; readonly pattern: string }

/** A line of its output that is counted, and that may say which item it is about: a group called `item`. */
export interface Line {
  readonly line: string
  readonly pattern: string
}

export interface ForeignProcess {
  /** The program and its arguments; templates, as the values of its environment. */
  readonly command: readonly string[]
  /** Where it runs, absolute. */
  readonly folder: string
  readonly environment: Readonly<Record<string, string>>
  /** What else of the user's own environment it is given, beside what every program needs. */
  readonly passEnv: readonly string[]
  /** Written before it starts: a file from a template, whose path is `{config.file}`. */
  readonly config?: string
  readonly ready: Ready
  readonly readyWithinMs: number
  /** What happens when it ends by itself. */
  readonly restart: 'always' | 'never'
  readonly restartAfterMs: number
  /** From SIGTERM to SIGKILL. */
  readonly graceMs: number
  readonly lines: readonly Line[]
  /** It runs already, and listens there; nothing is started. */
  readonly attach?: string
}
