// Hosts that stand still: what waits for them, and what becomes of it when they go on.
import { describe, expect, test } from 'vitest'
import { ended, inject, type Main, play, withoutTimes } from '../../run/play.ts'

const pause = (fromMs: number, toMs: number, host = 'server') =>
  inject(fromMs, toMs, { kind: 'host.pause', host })

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
    const events = told.map((line) =>
      line.replace(/^(\d+) /, (_, ms) => `${Math.floor(Number(ms) / 100)} `),
    )
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
    expect(withoutTimes(told)).toEqual([
      'server: serves 1',
      'client: 1 200',
      'client: 2 read-timeout',
    ])
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
      hosts: {
        server: (host, tell) =>
          host.serve(
            'ask',
            ({ body }) => {
              tell(`serves ${body}`)
              return { status: 200 }
            },
            { concurrency: 1, backlog: 9 },
          ),
        client: askEvery(1_000),
      },
      routes: ['ask'],
      faults: [
        inject(500, 3_000, { kind: 'capacity', service: 'server', factor: 0 }),
        pause(1_500, 8_000),
      ],
      forMs: 7_000,
    })
    expect(told).toEqual([])
  })

  test('stays paused until the last of two pauses is over', async () => {
    const faults = [pause(500, 2_000), pause(1_000, 5_000)]
    const { told, faults: reports } = await play({
      hosts: { server: counting },
      faults,
      forMs: 5_500,
    })
    expect(told).toEqual(['5000 server: tick 1'])
    expect(reports.map((report) => report.touched)).toEqual([1, 1])
  })
})
