// Conservation: whatever happens in a run, every item that was offered has one fate, and the same one on a rerun.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyScenario } from './any-scenario.ts'
import { conserves } from './conserves.ts'
import { faults } from './play.ts'
import { resolve, runResolved } from './scenarios.ts'

const CASES = 150
/** As many as reach all there is. */
const REACHING = 400

const seed = fc.integer({ min: 1, max: 1_000 })
const parameters = { numRuns: CASES, seed: 1 }

test(`${CASES} random scenarios`, { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyScenario, seed, (written, s) => conserves(written, s)),
    parameters,
  )
})

/** These grip what only a system with a queue has. */
const ELSEWHERE = /^(redis|worker)\./

test('they reach every fate and every load, and every fault touches something in one of them', async () => {
  const reached = new Set<string>()
  for (const [written, s] of fc.sample(fc.tuple(anyScenario, seed), {
    ...parameters,
    numRuns: REACHING,
  })) {
    const { items, faults: reports } = await runResolved(await resolve(written), s)
    for (const [fate, count] of Object.entries(items)) if (count > 0) reached.add(fate)
    for (const { kind, touched } of reports) if (touched > 0) reached.add(kind)
    reached.add(written.load.kind)
  }
  const fates = [
    'offered',
    'succeeded',
    'failed',
    'skipped',
    'rejected',
    'discarded',
    'pending',
    'duplicates',
  ]
  const loads = ['arrivals', 'closed', 'ramp', 'trace']
  const kinds = faults.map(({ kind }) => kind).filter((kind) => !ELSEWHERE.test(kind))
  expect([...reached].sort()).toEqual([...fates, ...loads, ...kinds].sort())
})
