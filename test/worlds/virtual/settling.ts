// How a drain is checked: a chain that a timer wakes must settle at that instant, before the next timer.
import type { Drain } from './drains.ts'

const WAKE_US = 100

export interface Check {
  readonly name: string
  /** What the chain notes on its way, in order. */
  readonly steps: readonly string[]
  chain(wake: () => Promise<void>, note: (what: string) => void): Promise<void>
}

export const numbered = (many: number) => Array.from({ length: many }, (_, i) => `${i + 1}`)

/** What a check must note: all of its chain at the instant that woke it, only then the next timer. */
export const expected = (check: Check): string[] => [
  ...[...check.steps, 'settled'].map((step) => `${step} at ${WAKE_US}`),
  `next timer at ${WAKE_US + 1}`,
]

/** What it does note with this drain, until its clock has run out of timers. */
export async function observe(drain: Drain, check: Check): Promise<string[]> {
  const clock = drain.create()
  const seen: string[] = []
  const note = (what: string) => seen.push(`${what} at ${clock.nowUs}`)
  void check.chain(() => clock.sleep(WAKE_US), note).then(() => note('settled'))
  clock.schedule(WAKE_US + 1, note, 'next timer')
  await clock.run()
  return [...seen]
}
