// A server is ready when a real operation on it has gone through, not when it says so.
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../../../base/errors.ts'
import { beforeAbort } from '../before-abort.ts'
import { NotReady } from './part.ts'

const FIRST_PAUSE_MS = 20
const LONGEST_PAUSE_MS = 500
const PATIENCE_MS = 3_000

export interface Wait {
  readonly probe: (signal: AbortSignal) => Promise<string>
  readonly withinMs: number
  /** Told once, when it takes long, why it is not ready yet. */
  readonly onPatience?: ((why: string) => void) | undefined
  /** How the server ended, where it ends meanwhile; undefined where it was asked to. */
  readonly ended?: Promise<string | undefined>
  readonly signal?: AbortSignal | undefined
}

/** What the server said of itself. Throws `NotReady` when there is no use in waiting, or no time left. */
export async function untilReady(wait: Wait): Promise<string> {
  const over = new AbortController()
  const overdue = setTimeout(() => over.abort(), wait.withinMs)
  const stop = () => over.abort()
  wait.signal?.addEventListener('abort', stop)
  if (wait.signal?.aborted === true) stop()
  try {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    tryUntil(wait, over.signal).then(resolve, reject)
    wait.ended?.then((how) => {
      if (how !== undefined) reject(new NotReady(`it ended ${how} before it was ready`))
    }, reject)
    return await promise
  } finally {
    clearTimeout(overdue)
    wait.signal?.removeEventListener('abort', stop)
    stop()
  }
}

async function tryUntil(
  { probe, withinMs, onPatience }: Wait,
  signal: AbortSignal,
): Promise<string> {
  let last = 'it did not answer'
  const patience = setTimeout(() => onPatience?.(last), PATIENCE_MS)
  try {
    for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs *= 2) {
      try {
        return await beforeAbort(probe(signal), signal)
      } catch (error) {
        if (error instanceof NotReady && error.isFinal) throw error
        if (!signal.aborted) last = messageOf(error)
      }
      await sleep(Math.min(pauseMs, LONGEST_PAUSE_MS), undefined, { signal }).catch(() => {})
    }
  } finally {
    clearTimeout(patience)
  }
  throw new NotReady(`it was not ready within ${withinMs / 1_000} s: ${last}`)
}
