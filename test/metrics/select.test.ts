// Figures that are none: nothing was measured, which is never the same as zero.
import { expect, test } from 'vitest'
import { Ledger } from '../../src/metrics/ledger.ts'
import { Recorder } from '../../src/metrics/recorder.ts'
import { select } from '../../src/metrics/select.ts'
import { Trace } from '../../src/metrics/trace.ts'
import { Windows } from '../../src/metrics/windows.ts'

function empty() {
  const windows = new Windows(0, [])
  const trace = new Trace()
  const ledger = new Ledger(windows, trace, ['infer'], [])
  return { ledger, recorder: new Recorder(windows, trace, ['infer']), endUs: 60_000_000 }
}

test('a share of slots without end', () => {
  const measured = empty()
  measured.recorder.part('some', 4).changeBusy(0, 2)
  measured.recorder.part('endless').changeBusy(0, 2)
  measured.recorder.close(measured.endUs)
  const of = (name: string, part: string) => select(measured, name, { part }, 'max')
  expect([of('part_utilisation', 'some'), of('part_busy', 'some')]).toEqual([0.5, 2])
  expect([of('part_utilisation', 'endless'), of('part_busy', 'endless')]).toEqual([null, 2])
})

test('fates of items of which none has ended', () => {
  const measured = empty()
  const lost = (aggregation: string) => select(measured, 'item_lost', {}, aggregation)
  expect([lost('rate'), lost('count')]).toEqual([null, null])
  measured.ledger.offer(0, 0, 0)
  measured.ledger.offer(1, 0, 0)
  expect([lost('rate'), lost('count')]).toEqual([null, null])
  expect(select(measured, 'item_pending', {}, 'rate')).toBe(1)
  measured.ledger.refuse(1, 1)
  expect([lost('rate'), lost('count')]).toEqual([0.5, 1])
})
