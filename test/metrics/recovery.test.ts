// Recovered: for a minute, as good as before the faults, and nothing waits much longer than it did.
import { expect, test } from 'vitest'
import { RecoveryWatch } from '../../src/metrics/recovery.ts'
import { Series } from '../../src/metrics/series.ts'

const span = { warmupMs: 0, firstMs: 100_000, lastHealMs: 200_000, loadEndMs: 600_000 }

/** One end a second, good or bad, and how old the oldest item is at each. */
function watch(
  isGood: (second: number) => boolean,
  oldestMs = (_second: number) => 10_000,
  endMs = 700_000,
) {
  const [succeeded, lost, one] = [new Series(), new Series(), new RecoveryWatch(span)]
  for (let second = 0; second < Math.min(600, endMs / 1_000); second++) {
    ;(isGood(second) ? succeeded : lost).record(second * 1e6, 1)
    one.sample(second * 1_000, oldestMs(second))
  }
  return one.result(succeeded, lost, endMs)
}

const base = { triggerMs: 100_000, healedAtMs: 200_000, watchedMs: 400_000 }

test('at once, where all is well when the last fault is over', () => {
  expect(watch((s) => s < 100 || s >= 200)).toEqual({
    ...base,
    afterMs: 0,
    because: null,
    metastable: false,
  })
})

test('after a while, and no longer than the trigger lasted', () => {
  expect(watch((s) => s < 100 || s >= 250)).toMatchObject({ afterMs: 50_000, metastable: false })
})

test('later than the trigger lasted: metastable', () => {
  expect(watch((s) => s < 100 || s >= 350)).toMatchObject({ afterMs: 150_000, metastable: true })
})

test('never: metastable', () => {
  expect(watch((s) => s < 100)).toMatchObject({
    afterMs: null,
    because: 'success',
    metastable: true,
  })
})

test('all succeeds, but the oldest waits twice as long as it did', () => {
  const waits = (s: number) => (s >= 100 && s < 260 ? 20_000 : 10_000)
  expect(watch(() => true, waits)).toMatchObject({ afterMs: 60_000, because: 'waiting' })
})

test('of a system that was no better before it is not asked to be', () => {
  expect(watch((s) => s % 2 === 0)).toMatchObject({ afterMs: 0 })
})

test('of a run that was cut short nothing is said beyond its end', () => {
  const cutAt = (endMs: number) => watch((s) => s < 100, undefined, endMs)
  expect(cutAt(30_000)).toBeUndefined()
  expect(cutAt(230_000)).toBeUndefined()
  expect(cutAt(280_000)).toMatchObject({ afterMs: null, watchedMs: 80_000, metastable: null })
  expect(cutAt(400_000)).toMatchObject({ afterMs: null, watchedMs: 200_000, metastable: true })
})

test('nothing can be said where nothing was before, or the load ends within a minute', () => {
  const short = { ...span, loadEndMs: 250_000 }
  expect(new RecoveryWatch(short).result(new Series(), new Series(), 700_000)).toBeUndefined()
  expect(new RecoveryWatch(span).result(new Series(), new Series(), 700_000)).toBeUndefined()
})
