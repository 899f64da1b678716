// Hosts that die, and hosts with less capacity: their callers, their memory, their slots.
import { describe, expect, test } from 'vitest'
import { ended, inject, type Main, play, withoutTimes } from '../../run/play.ts'

const pause = (fromMs: number, toMs: number, host = 'server') =>
  inject(fromMs, toMs, { kind: 'host.pause', host })
const crash = (fromMs: number, toMs: number, host = 'server') =>
  inject(fromMs, toMs, { kind: 'host.crash', host })

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
      void ended(host.http.call('server', 'ask', { body: n, timeouts: { totalMs } })).then((how) =>
        tell(`${n} ${how}`),
      )
    }
  }
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
    const { told, faults: reports } = await play({
      hosts: { server: counting },
      faults,
      forMs: 6_500,
    })
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
        inject(0, 9_000, { kind: 'clock.skew', host: 'server', offset: '-1h' }),
        inject(100, 9_000, { kind: 'capacity', service: 'server', factor: 0.5 }),
        inject(1_000, 1_000, { kind: 'host.restart', host: 'server' }),
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
      hosts: {
        server: (host) => host.serve('ask', () => ({ status: 200 }), { concurrency, backlog: 0 }),
      },
      routes: ['ask'],
      faults: factors.map((factor) =>
        inject(0, 9_000, { kind: 'capacity', service: 'server', factor }),
      ),
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
