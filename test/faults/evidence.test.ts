// Evidence: a fault has touched what it changed, and nothing else.
import { expect, test } from 'vitest'
import { ended, type Injected, inject, type Main, play } from '../run/play.ts'

const server: Main = (host) =>
  host.serve('ask', async () => {
    await host.work('ask', 20)
    return { status: 200 }
  })

/** Asks ten times, a second apart. */
const client: Main = async (host) => {
  for (let n = 0; n < 10; n++) {
    await host.clock.sleep(1_000)
    void ended(host.http.call('server', 'ask', { timeouts: { totalMs: 500 } }))
  }
}

async function evidence(...faults: readonly Injected[]) {
  const played = await play({ hosts: { server, client }, routes: ['ask'], faults, forMs: 20_000 })
  return played.faults.map(({ touched, evidence }) => ({ touched, ...evidence }))
}

const always = (options: Injected['options']) => inject(500, 15_000, options)

test('of a rule that another overrules there is none', async () => {
  const hang = always({ kind: 'hang', route: 'ask' })
  const status = always({ kind: 'status', status: 500, route: 'ask' })
  const refuse = always({ kind: 'refuse', route: 'ask' })
  const slow = always({ kind: 'latency', add: '100ms', on: 'request', route: 'ask' })
  const withheld = { touched: 10, withheld: 10 }
  for (const [a, b] of [
    [hang, status],
    [hang, slow],
  ] as const) {
    expect(await evidence(a, b)).toEqual([withheld, { touched: 0 }])
    expect(await evidence(b, a)).toEqual([{ touched: 0 }, withheld])
  }
  expect(await evidence(refuse, hang)).toEqual([{ touched: 10, refused: 10 }, { touched: 0 }])
  expect(await evidence(slow, status)).toEqual([
    { touched: 10, delayedMs: 1_000 },
    { touched: 10, answered: 10 },
  ])
  expect(await evidence(status, status)).toEqual([{ touched: 10, answered: 10 }, { touched: 0 }])
})

test('of a delay of no time there is none', async () => {
  expect(await evidence(always({ kind: 'latency', add: '0s' }))).toEqual([{ touched: 0 }])
  // A call that takes longer than that as it is.
  expect(await evidence(always({ kind: 'latency', replace: '1ms', on: 'reply' }))).toEqual([
    { touched: 0 },
  ])
  expect(await evidence(always({ kind: 'split-replies', by: '0s' }))).toEqual([{ touched: 0 }])
})

test('of a host that is down, or stands still, already there is none', async () => {
  const crash = (fromMs: number, toMs: number) =>
    inject(fromMs, toMs, { kind: 'host.crash', host: 'server' })
  const pause = (fromMs: number, toMs: number) =>
    inject(fromMs, toMs, { kind: 'host.pause', host: 'server' })
  const restart = inject(4_000, 4_000, { kind: 'host.restart', host: 'server' })
  const touched = async (...faults: readonly Injected[]) =>
    (await evidence(...faults)).map((one) => one.touched)
  expect(await touched(crash(2_000, 8_000), restart)).toEqual([1, 0])
  expect(await touched(crash(2_000, 8_000), crash(3_000, 6_000))).toEqual([1, 0])
  expect(await touched(crash(2_000, 8_000), crash(3_000, 9_000))).toEqual([1, 1])
  expect(await touched(pause(2_000, 8_000), pause(3_000, 6_000))).toEqual([1, 0])
  expect(await touched(pause(2_000, 8_000), pause(3_000, 9_000))).toEqual([1, 1])
  expect(await touched(crash(2_000, 8_000), pause(3_000, 6_000))).toEqual([1, 0])
})

/** Takes longer the more of its slots are in hand: beyond two of eight. */
const crowded: Main = (host) =>
  host.serve(
    'ask',
    async ({ load }) => {
      await host.work('ask', 2_500 * Math.max(1, load * 4))
      return { status: 200 }
    },
    { concurrency: 8, backlog: 8, bears: 2, notices: 2 },
  )

test('a capacity that nobody has to wait for touches those whom it slows', async () => {
  const touched = async (factor: number) => {
    const { faults } = await play({
      hosts: { server: crowded, client },
      routes: ['ask'],
      faults: [always({ kind: 'capacity', service: 'server', factor })],
      forMs: 60_000,
    })
    return faults[0]?.touched
  }
  // Of ten calls, a second apart and of 2.5 s and more, the first finds the server empty.
  expect(await touched(1)).toBe(0)
  expect(await touched(0.5)).toBe(9)
  expect(await touched(2)).toBe(8)
})
