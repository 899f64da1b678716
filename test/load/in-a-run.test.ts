// Loads in a run: recorded files, the warm-up, and latency counted from the intended start.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readScenario } from '../../src/scenario/read.ts'
import { runScenario } from '../run/scenarios.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aftershock-load-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The times, in ms, that a trace file gives to a scenario beside it. */
async function rowsOf(name: string, text: string): Promise<unknown> {
  await writeFile(join(folder, name), text)
  const scenario = {
    pipeline: { kind: 'inference' },
    load: { kind: 'trace', file: name },
    thresholds: { item_lost: ['rate<1'] },
  }
  const file = join(folder, `${name}.json`)
  await writeFile(file, JSON.stringify(scenario))
  const { load } = (await readScenario(file)).resolve('default', false)
  return load.kind === 'trace' ? load.rows : undefined
}

describe('a recorded trace', () => {
  test.each([
    [
      'CSV, times in seconds',
      'a.csv',
      '0\n1.5\n\n# a remark\n2\n',
      [{ at: 0 }, { at: 1_500 }, { at: 2_000 }],
    ],
    [
      'CSV with a heading',
      'b.csv',
      'time,count\n100,2\n101,5\n',
      [
        { at: 0, count: 2, over: 1_000 },
        { at: 1_000, count: 5, over: 1_000 },
      ],
    ],
    [
      'CSV with dates, in any order',
      'c.csv',
      'time;count\r\n2025-11-12T03:00:10Z;1\r\n2025-11-12T11:00:00+08:00;7\r\n',
      [
        { at: 0, count: 7, over: 10_000 },
        { at: 10_000, count: 1, over: 10_000 },
      ],
    ],
    ['NDJSON', 'd.ndjson', '{"time":10}\n{"time":12.25}\n', [{ at: 0 }, { at: 2_250 }]],
    [
      'NDJSON with counts',
      'e.ndjson',
      '{"time":"2025-01-01T00:00:00Z","count":3}\n{"time":"2025-01-01T00:01:00Z","count":0}\n',
      [
        { at: 0, count: 3, over: 60_000 },
        { at: 60_000, count: 0, over: 60_000 },
      ],
    ],
  ])('%s', async (_what, name, text, rows) => {
    expect(await rowsOf(name, text)).toEqual(rows)
  })

  test('what cannot be read is refused with its line', async () => {
    await expect(rowsOf('f.csv', 'time\n1\nsoon\n')).rejects.toThrow(/f\.csv.*3.*'soon'/)
    await expect(rowsOf('g.csv', 'time,count\n1,2.5\n')).rejects.toThrow(/g\.csv.*2.*'1,2.5'/)
  })
})

const quick = { service: { inference: '10ms', detections: 1 } } as const
const load = { kind: 'arrivals', rate: '2/s', for: '1m' } as const

test('items of the warm-up are offered, but left out of every metric', async () => {
  const whole = await runScenario({ pipeline: quick, load })
  const warm = await runScenario({ pipeline: quick, load, warmup: '20s' })
  expect(whole.items).toMatchObject({ offered: 120, succeeded: 120 })
  expect(warm.items).toMatchObject({ offered: 80, succeeded: 80 })
  expect(warm.metrics.items_offered).toMatchObject({ count: 80 })
  expect(warm.metrics.item_duration?.avg).not.toBe(whole.metrics.item_duration?.avg)
  // The same run, though: only what is counted differs.
  expect(warm.simulatedMs).toBe(whole.simulatedMs)
})

test('the wait before a host that stands still is part of the latency', async () => {
  const pausing = [
    { kind: 'host.pause', host: 'analyser', at: '20s', for: '15s', name: 'still' },
  ] as const
  const { items, metrics } = await runScenario({
    pipeline: quick,
    load,
    faults: [...pausing],
    thresholds: { 'item_duration{fault:still}': ['min>0s'] },
  })
  expect(items).toMatchObject({ offered: 120, succeeded: 120 })
  // The first item that met the pause was due at 20 s, and seen after 35 s; a closed eye would report a second.
  expect(metrics.item_duration?.max).toBeGreaterThan(15_000)
  expect(metrics.item_duration?.max).toBeLessThan(17_500)
})

test('users go on when the host that refused their items is back', async () => {
  const closed = { kind: 'closed', users: 3, think: '1s', for: '1m' } as const
  const faults = [{ kind: 'host.crash', host: 'analyser', at: '20s', for: '20s' }] as const
  const again = { onUnknownHeartbeat: 'register', heartbeat: { every: '1s' } } as const
  const { items } = await runScenario({
    pipeline: { ...quick, ...again },
    load: closed,
    faults: [...faults],
  })
  // 20 s of about one refusal per user and second, and successes before and after.
  expect(items.rejected).toBeGreaterThan(50)
  expect(items.rejected).toBeLessThan(70)
  expect(items.succeeded).toBeGreaterThan(40)
})

test('an item that is due at the very end is seen through', async () => {
  // The integral reaches 1½ at exactly the end, when the first item has long been seen through.
  const { items } = await runScenario({
    pipeline: quick,
    load: { kind: 'ramp', from: 0, stages: [{ to: '1/m', for: '3m' }] },
  })
  expect(items).toMatchObject({ offered: 2, succeeded: 2, pending: 0 })
})

test('an empty load is not a success', async () => {
  const { verdict, reasons } = await runScenario({
    load: { kind: 'ramp', from: 0, stages: [{ to: 0, for: '10s' }] },
    thresholds: { item_lost: ['count==0'] },
  })
  expect(verdict).toBe('inconclusive')
  expect(reasons).toContain('no item was offered')
})
