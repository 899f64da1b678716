// What a process calls and writes while it starts is none of the run's.
import { expect, test } from 'vitest'
import { Ledger } from '../../../src/metrics/ledger.ts'
import { Recorder } from '../../../src/metrics/recorder.ts'
import { Trace } from '../../../src/metrics/trace.ts'
import { Windows } from '../../../src/metrics/windows.ts'
import { isOfRun } from '../../../src/worlds/real/before-run.ts'
import { Facts } from '../../../src/worlds/real/facts.ts'
import { RealTime, steadyMs } from '../../../src/worlds/real/time.ts'

test('a call that was begun before the run is not counted, nor is a line', () => {
  const events: unknown[] = []
  const trace = new Trace((event) => events.push(event))
  const windows = new Windows(0, [])
  const names = ['list']
  const books = {
    ledger: new Ledger(windows, trace, names, []),
    recorder: new Recorder(windows, trace, names),
  }
  const time = RealTime.beforeRun(1, 0)
  using facts = new Facts(books, time, () => {})
  const call = { from: 'api', to: 'objects', stage: 'list', item: -1, key: '', body: null } as const
  const list = { fact: 'call', ...call, route: 'list', class: 'ok', ownMs: 1 } as const
  const startUs = time.nowUs
  expect(startUs).toBeLessThan(0)
  facts.tell({ fact: 'log', atUs: startUs, host: 'api', line: 'found', item: -1 })
  time.begin(steadyMs())
  facts.tell({ ...list, startUs, atUs: time.nowUs })
  facts.tell({ ...list, startUs: 2_000, atUs: 5_000 })
  facts.flush()
  expect(facts.answered.get('list')).toEqual({ calls: 1, totalMs: 3, ownMs: 1 })
  expect(events).toMatchObject([{ event: 'call', route: 'list', startMs: 2, atMs: 5 }])
})

test.each([
  ['found since, about an item', { item: 0, byUs: 3_000 }, true],
  ['found since, about nothing', { item: -1, byUs: 3_000 }, false],
  ['found before', { item: 0, byUs: -1 }, false],
])('a line that may be older than the run: %s', (_, about, isIts) => {
  const line = { fact: 'log', atUs: -7_000, host: 'api', line: 'done', ...about } as const
  expect(isOfRun(line)).toBe(isIts)
})
