// Who is told: at once, by way of an outbox, of failures too, and what becomes of a callback whose answer is lost.
import { expect, test } from 'vitest'
import { calls, runGeneration } from './small.ts'

const load = { kind: 'arrivals', rate: '5/s', for: '2m' } as const
const refused = { kind: 'refuse', route: 'callback', at: '30s', for: '30s' } as const
const failing = {
  kind: 'status',
  route: 'generate',
  status: 500,
  at: '20s',
  for: '50s',
  nth: 3,
} as const
const once = { attempts: { task: 1, textToImage: 1, callback: 3 } } as const

test('callbacks that are refused three times leave successes untold, and the system counts none of them', async () => {
  const run = await runGeneration({ pipeline: once, load, faults: [refused] })
  expect(run.items).toMatchObject({ offered: 600, succeeded: 600 })
  expect(run.untold?.succeeded).toBeGreaterThan(130)
  expect(calls(run, 'callback', 'refused')).toBe(3 * (run.untold?.succeeded ?? 0))
  expect(run.reported.callback_failures).toBe(0)
  expect(run.books.map(({ reported }) => reported)).toEqual(['callback_failures'])
})

test('with an outbox every success is told once the front end is back, and each but once', async () => {
  const run = await runGeneration({
    pipeline: { ...once, callbackOutbox: true },
    load,
    faults: [refused],
  })
  expect(run.untold).toEqual({})
  expect(calls(run, 'callback', 'ok')).toBe(600)
  expect(run.metrics.callbacks_repeated?.count).toBe(0)
})

test('of failures nobody is told, unless they are to be', async () => {
  const failures = { load, faults: [failing] }
  const silent = await runGeneration({ pipeline: once, ...failures })
  expect(silent.untold).toEqual({ failed: silent.items.failed })
  expect(silent.items.failed).toBeGreaterThan(50)
  for (const callbackOutbox of [false, true]) {
    const told = await runGeneration({
      pipeline: { ...once, callbackOnFailure: true, callbackOutbox },
      ...failures,
    })
    expect(told.untold).toEqual({})
    expect(told.items.failed).toBe(silent.items.failed)
  }
})

test('a callback whose answer is lost is sent again, and the second one is known by its key', async () => {
  const lost = { kind: 'lost-replies', route: 'callback', at: '30s', for: '30s' } as const
  const run = await runGeneration({
    pipeline: {
      callbackOutbox: true,
      idempotencyKey: true,
      timeouts: { callback: { read: '2s' } },
    },
    load,
    faults: [lost],
  })
  expect(run.untold).toEqual({})
  const repeated = run.metrics.callbacks_repeated?.count
  expect(repeated).toBeGreaterThan(100)
  expect(run.metrics.callbacks_recognised?.count).toBe(repeated)
})

test('a front end that was not told asks again, and with the key nothing is done twice', async () => {
  const asking = (idempotencyKey: boolean) =>
    runGeneration({
      pipeline: {
        ...once,
        idempotencyKey,
        frontEnd: { asksAgain: { after: '1m', times: 1 } },
      },
      load,
      faults: [refused],
    })
  const [twice, known] = [await asking(false), await asking(true)]
  expect([twice.untold, known.untold]).toEqual([{}, {}])
  expect(calls(twice, 'generate')).toBeGreaterThan(730)
  expect(twice.items.duplicates).toBe(calls(twice, 'generate') - 600)
  expect([calls(known, 'generate'), known.items.duplicates]).toEqual([600, 0])
})
