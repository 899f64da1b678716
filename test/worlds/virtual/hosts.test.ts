// Hosts live, stand still and die: what becomes of their code, their callers and their memory.
import { describe, expect, test } from 'vitest'
import { ended, type Injected, type Main, play } from '../../run/play.ts'

const withoutTimes = (lines: readonly string[]) => lines.map((line) => line.replace(/^\d+ /, ''))
const from = (fromMs: number, toMs: number, options: Injected['options']): Injected => ({ options, fromMs, toMs })
const pause = (fromMs: number, toMs: number, host = 'server') => from(fromMs, toMs, { kind: 'host.pause', host })
const crash = (fromMs: number, toMs: number, host = 'server') => from(fromMs, toMs, { kind: 'host.crash', host })

/** Tells the seconds of its own clock, and how many it has counted in this life. */
const counting: Main = async (host, tell) => {
  for (let n = 1; ; n++) {
    await host.clock.sleep(1_000)
    tell(`tick ${n}`)
  }
}
const askEvery =
  (everyMs: number, totalMs = 60_000): Main =>
  async (host, tell) => {
    for (let n = 1; ; n++) {
      await host.clock.sleep(everyMs)
      void ended(host.http.call('server', 'ask', { body: n, timeouts: { totalMs } })).then((how) => tell(`${n} ${how}`))
    }
  }
const answering: Main = (host, tell) =>
  host.serve('ask', ({ body }) => {
    tell(`serves ${body}`)
    return { status: 200 }
  })

describe('a paused host', () => {
  test('does nothing, and goes on in the order in which things became due', async () => {
    const server: Main = (host, tell) => {
      void answering(host, tell)
      void counting(host, tell)
    }
    const { told } = await play({
      hosts: { server, client: askEvery(700) },
      routes: ['ask'],
      faults: [pause(900, 3_500)],
      forMs: 3_600,
    })
    const events = told.map((line) => line.replace(/^(\d+) /, (_, ms) => `${Math.floor(Number(ms) / 100)} `))
    expect(events).toEqual([
      '7 server: serves 1',
      '7 client: 1 200',
      // Timers and arrivals mixed: the tick of 1 s, requests of 1.4, 2.1, 2.8 and the tick that follows the first.
      '35 server: serves 2',
      '35 server: serves 3',
      '35 server: serves 4',
      '35 server: tick 1',
      '35 client: 2 200',
      '35 client: 3 200',
      '35 client: 4 200',
      '35 server: serves 5',
      '35 client: 5 200',
    ])
  })

  test('keeps its callers waiting, whose own deadlines go on', async () => {
    const { told } = await play({
      hosts: { server: answering, client: askEvery(700, 1_000) },
      routes: ['ask'],
      faults: [pause(900, 9_000)],
      forMs: 3_000,
    })
    expect(withoutTimes(told)).toEqual(['server: serves 1', 'client: 1 200', 'client: 2 read-timeout'])
    expect(told[2]).toMatch(/^2400 /)
  })

  test('gets the answers that came meanwhile, even where its own deadline has passed since', async () => {
    const slow: Main = (host) =>
      host.serve('ask', async () => {
        await host.work('ask', 500)
        return { status: 200 }
      })
    const { told } = await play({
      hosts: { server: slow, client: askEvery(1_000, 1_000) },
      routes: ['ask'],
      faults: [pause(1_200, 5_000, 'client')],
      forMs: 5_100,
    })
    expect(told).toEqual(['5000 client: 1 200'])
  })

  test('starts no work that a heal elsewhere would let start', async () => {
    const { told } = await play({
      hosts: { server: (host, tell) => host.serve('ask', ({ body }) => (tell(`serves ${body}`), { status: 200 }), { concurrency: 1, backlog: 9 }), client: askEvery(1_000) },
      routes: ['ask'],
      faults: [
        from(500, 3_000, { kind: 'capacity', service: 'server', factor: 0 }),
        pause(1_500, 8_000),
      ],
      forMs: 7_000,
    })
    expect(told).toEqual([])
  })

  test('stays paused until the last of two pauses is over', async () => {
    const faults = [pause(500, 2_000), pause(1_000, 5_000)]
    const { told, faults: reports } = await play({ hosts: { server: counting }, faults, forMs: 5_500 })
    expect(told).toEqual(['5000 server: tick 1'])
    expect(reports.map((report) => report.touched)).toEqual([1, 1])
  })
})

describe('a crashed host', () => {
  test('cuts off who waits for it, refuses who comes, and forgets', async () => {
    const server: Main = (host, tell) => {
      void counting(host, tell)
      host.serve('ask', async () => {
        await host.work('ask', 800)
        tell('served')
        return { status: 200 }
      })
    }
    const { told, faults } = await play({
      hosts: { server, client: askEvery(2_000) },
      routes: ['ask'],
      faults: [crash(2_500, 5_500)],
      forMs: 7_000,
    })
    expect(withoutTimes(told)).toEqual([
      'server: tick 1',
      'server: tick 2',
      'client: 1 reset',
      'client: 2 refused',
      'server: tick 1',
      'server: served',
      'client: 3 200',
    ])
    expect(faults[0]?.evidence).toEqual({ connectionsCut: 1 })
  })

  test('does not cut connections that are over', async () => {
    const slow: Main = (host) =>
      host.serve('ask', async () => {
        await host.work('ask', 9_000)
        return { status: 200 }
      })
    const { faults } = await play({
      hosts: { server: slow, client: askEvery(1_000, 100) },
      routes: ['ask'],
      faults: [crash(3_500, 5_000)],
      forMs: 6_000,
    })
    expect(faults[0]?.evidence).toEqual({ connectionsCut: 0 })
  })

  test('never goes on, not even where it had been paused', async () => {
    const { told } = await play({
      hosts: { server: counting },
      faults: [pause(1_500, 4_500), crash(2_500, 20_000)],
      forMs: 15_000,
    })
    expect(told).toEqual(['1000 server: tick 1'])
  })

  test('stays down until the last of two crashes is over', async () => {
    const faults = [crash(500, 2_000), crash(1_000, 5_000)]
    const { told, faults: reports } = await play({ hosts: { server: counting }, faults, forMs: 6_500 })
    expect(told).toEqual(['6000 server: tick 1'])
    expect(reports.map((report) => report.touched)).toEqual([1, 1])
  })

  test('keeps its wrong clock and its lost capacity over a restart', async () => {
    const telling: Main = (host, tell) => {
      tell(String(host.clock.now() - Date.UTC(2025, 0, 1) - host.clock.monotonic()))
      host.serve('ask', () => ({ status: 200 }), { concurrency: 8, backlog: 0 })
    }
    const { told, world } = await play({
      hosts: { server: telling },
      routes: ['ask'],
      faults: [
        from(0, 9_000, { kind: 'clock.skew', host: 'server', offset: '-1h' }),
        from(100, 9_000, { kind: 'capacity', service: 'server', factor: 0.5 }),
        from(1_000, 1_000, { kind: 'host.restart', host: 'server' }),
      ],
      forMs: 8_000,
    })
    expect(told).toEqual(['0 server: -3600000', '1000 server: -3600000'])
    expect(world.processes.get('server')?.life?.stations.map(({ slots }) => slots)).toEqual([4])
  })
})

describe('capacity', () => {
  const slots = async (concurrency: number, ...factors: number[]) => {
    const { world } = await play({
      hosts: { server: (host) => host.serve('ask', () => ({ status: 200 }), { concurrency, backlog: 0 }) },
      routes: ['ask'],
      faults: factors.map((factor) => from(0, 9_000, { kind: 'capacity', service: 'server', factor })),
      forMs: 10,
    })
    return world.processes.get('server')?.life?.stations[0]?.slots
  }

  test('is a share of the slots, and never none unless it says so', async () => {
    expect(await slots(16, 0.25)).toBe(4)
    expect(await slots(16, 2)).toBe(32)
    expect(await slots(16, 0)).toBe(0)
    expect(await slots(1, 0.5)).toBe(1)
    // 0.29 × 100 is 28.999999999999996.
    expect(await slots(100, 0.29)).toBe(29)
    expect(await slots(16, 0.5, 0.5)).toBe(4)
  })
})
