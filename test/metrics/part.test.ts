// A part's waits: each in the window in which it began, so that the warm-up's are left out like everything of it.
import { expect, test } from 'vitest'
import { Ledger } from '../../src/metrics/ledger.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { select } from '../../src/metrics/select.ts'
import { Trace } from '../../src/metrics/trace.ts'
import { Windows } from '../../src/metrics/windows.ts'

const SECOND_US = 1_000_000

test('waits belong to the window in which they began', () => {
  const fault = { fromUs: 20 * SECOND_US, toUs: 30 * SECOND_US, name: 'x' }
  const windows = new Windows(10 * SECOND_US, [fault])
  const trace = new Trace()
  const recorder = new Recorder(windows, trace, [])
  const part = recorder.part('p', 1)
  part.waited(9 * SECOND_US, 1_000)
  // Over after the warm-up, but begun in it.
  part.waited(11 * SECOND_US, 1_500)
  part.waited(10 * SECOND_US, 0)
  part.waited(25 * SECOND_US, 6_000)
  part.waited(26 * SECOND_US, 6_000)
  part.waited(40 * SECOND_US, 4_000)
  const measured = { ledger: new Ledger(windows, trace, [], []), recorder, endUs: 50 * SECOND_US }
  const waits = (tags: Readonly<Record<string, string>>) =>
    ['count', 'avg', 'max'].map((figure) =>
      select(measured, 'part_wait', { part: 'p', ...tags }, figure),
    )
  expect(waits({ phase: 'warmup' })).toEqual([2, 1_250, 1_500])
  expect(waits({ phase: 'before' })).toEqual([2, 3_000, 6_000])
  expect(waits({ phase: 'fault' })).toEqual([1, 6_000, 6_000])
  expect(waits({ fault: 'x' })).toEqual([1, 6_000, 6_000])
  expect(waits({ phase: 'after' })).toEqual([1, 4_000, 4_000])
  expect(waits({})).toEqual([4, 4_000, 6_000])
  expect(part.summary({}).waitMs).toMatchObject({ avg: 4_000, max: 6_000 })
  expect(part.summary({ phase: 'fault' }).waitMs).toMatchObject({ avg: 6_000 })
})

test('a window without a wait has none to show', () => {
  const windows = new Windows(10 * SECOND_US, [])
  const trace = new Trace()
  const recorder = new Recorder(windows, trace, [])
  const part = recorder.part('p', 1)
  part.waited(5 * SECOND_US, 1_000)
  const measured = { ledger: new Ledger(windows, trace, [], []), recorder, endUs: 20 * SECOND_US }
  expect(select(measured, 'part_wait', { part: 'p' }, 'avg')).toBeNull()
  expect(part.summary({}).waitMs).toBeNull()
})
