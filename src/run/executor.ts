// Who carries out runs: this thread, one after the other, unless somebody brings more.
import type { RunResult } from './result.ts'
import { type RunOrder, runOnce } from './run.ts'

export interface Executor {
  /** How many runs it takes at a time. */
  readonly width: number
  execute(order: RunOrder): Promise<RunResult>
}

export const inThisThread: Executor = { width: 1, execute: runOnce }
