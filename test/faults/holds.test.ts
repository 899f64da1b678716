// Faults that hold something down: load, capacity, and hosts that are restarted.
import { describe, expect, test } from 'vitest'
import { Random } from '../../src/base/random.ts'
import { LoadDriver } from '../../src/run/drive.ts'
import { ended, type Injected, inject, type Main, play } from '../run/play.ts'

describe('load.stop', () => {
  test('nothing is offered while it is there, and what was due is counted', async () => {
    const offered: number[] = []
    const { faults } = await play({
      hosts: { analyser: (host) => host.intake((item) => void offered.push(item.intendedMs)) },
      faults: [
        inject(2_000, 4_000, { kind: 'load.stop' }),
        inject(3_000, 5_400, { kind: 'load.stop' }),
      ],
      forMs: 9_000,
      before(world) {
        const driver = new LoadDriver(
          {
            nowMs: 0,
            schedule: (atMs, fire) => world.schedule(atMs, fire),
            offer: (item) => world.offer('analyser', item),
            saturate: () => expect.unreachable('no load saturates here'),
          },
          new Random(1),
        )
        world.stopLoad = () => driver.stop()
        for (let atMs = 500; atMs < 8_000; atMs += 1_000)
          world.schedule(atMs, () => void driver.offer(atMs))
      },
    })
    expect(offered).toEqual([500, 1_500, 5_500, 6_500, 7_500])
    expect(faults.map(({ touched }) => touched)).toEqual([2, 2])
  })
})

describe('capacity', () => {
  const among =
    (backlog: number) =>
    async (...faults: Injected[]) => {
      const server: Main = (host, tell) =>
        host.serve(
          'infer',
          async () => {
            await host.work('infer', 1_000)
            tell('served')
            return { status: 200 }
          },
          { concurrency: 4, backlog },
        )
      const client: Main = (host) => {
        for (let n = 0; n < 12; n++) void ended(host.http.call('server', 'infer'))
      }
      const { told, faults: reports } = await play({
        hosts: { server, client },
        routes: ['infer'],
        faults,
        forMs: 20_000,
      })
      // Rounded down to whole seconds: arrivals differ by some milliseconds.
      const seconds = told.map((line) => Math.floor(Number.parseInt(line, 10) / 1_000))
      return { perSecond: seconds.join(' '), touched: reports.map((report) => report.touched) }
    }
  const served = among(99)
  const cut = (fromMs: number, toMs: number, factor: number) =>
    inject(fromMs, toMs, { kind: 'capacity', service: 'server', factor })

  test('in full', async () => {
    expect(await served()).toEqual({ perSecond: '1 1 1 1 2 2 2 2 3 3 3 3', touched: [] })
  })

  test('none, then restored: who waits is served at once', async () => {
    expect(await served(cut(0, 5_000, 0))).toEqual({
      perSecond: '6 6 6 6 7 7 7 7 8 8 8 8',
      touched: [4],
    })
  })

  test('cut while at work: what is being worked on is finished', async () => {
    expect(await served(cut(500, 5_000, 0))).toEqual({
      perSecond: '1 1 1 1 6 6 6 6 7 7 7 7',
      touched: [4],
    })
  })

  test('cut twice at once: the factors multiply, and each is given back', async () => {
    expect(await served(cut(0, 5_500, 0.5), cut(0, 2_500, 0.5))).toEqual({
      perSecond: '1 2 3 3 4 4 5 5 6 6 6 6',
      touched: [10, 5],
    })
  })

  test('more than before', async () => {
    expect(await served(cut(0, 5_000, 3))).toEqual({
      perSecond: '1 1 1 1 1 1 1 1 1 1 1 1',
      touched: [8],
    })
  })

  test('that nobody misses touches nothing', async () => {
    expect((await served(cut(0, 5_000, 1))).touched).toEqual([0])
    expect((await served(cut(4_000, 9_000, 0))).touched).toEqual([0])
    // Four slots are enough for four at once, whatever there was beside them.
    expect((await served(cut(0, 9_000, 2), cut(0, 9_000, 0.5))).touched).toEqual([0, 0])
  })

  test('that turns callers away has touched them', async () => {
    expect((await among(0)(cut(0, 5_000, 0.5))).touched).toEqual([10])
  })
})

describe('host.slow', () => {
  const worked = async (...faults: Injected[]) => {
    const server: Main = async (host, tell) => {
      for (let n = 0; n < 4; n++) {
        await host.work('infer', 1_000)
        tell('done')
      }
    }
    const { told, faults: reports } = await play({ hosts: { server }, faults, forMs: 60_000 })
    return {
      atSeconds: told.map((line) => Number.parseInt(line, 10) / 1_000),
      faults: reports.map(({ touched, evidence }) => [touched, evidence.addedMs]),
    }
  }
  const slow = (fromMs: number, toMs: number, factor: number) =>
    inject(fromMs, toMs, { kind: 'host.slow', host: 'server', factor })

  test('work that is begun meanwhile takes longer, to its end', async () => {
    expect(await worked(slow(500, 3_000, 5))).toEqual({
      atSeconds: [1, 6, 7, 8],
      faults: [[1, 4_000]],
    })
  })

  test('slowed twice at once: the factors multiply, and each adds its share', async () => {
    expect(await worked(slow(500, 1_500, 2), slow(500, 7_500, 3))).toEqual({
      atSeconds: [1, 7, 10, 11],
      faults: [
        [1, 1_000],
        [2, 6_000],
      ],
    })
  })
})

describe('host.restart', () => {
  const counting: Main = async (host, tell) => {
    for (let n = 1; ; n++) {
      await host.clock.sleep(1_000)
      tell(String(n))
    }
  }
  const told = async (fromMs: number, toMs: number, host = 'server-1') => {
    const hosts = { 'server-1': counting, 'server-2': counting }
    const played = await play({
      hosts,
      faults: [inject(fromMs, toMs, { kind: 'host.restart', host })],
      forMs: 5_800,
    })
    return {
      lines: played.told
        .filter((line) => line.includes('server-1'))
        .map((line) => line.replace('server-1: ', '')),
      touched: played.faults[0]?.touched,
    }
  }

  test('at once: memory is lost, and it begins again', async () => {
    expect(await told(2_500, 2_500)).toEqual({
      lines: ['1000 1', '2000 2', '3500 1', '4500 2', '5500 3'],
      touched: 1,
    })
  })

  test('down for a while', async () => {
    expect(await told(2_500, 4_500)).toEqual({ lines: ['1000 1', '2000 2', '5500 1'], touched: 1 })
  })

  test('all that match', async () => {
    expect((await told(2_500, 2_500, 'server-*')).touched).toBe(2)
  })
})
