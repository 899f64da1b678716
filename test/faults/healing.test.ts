// What a heal does to the calls that a fault held up: they are cut, or go on.
import { describe, expect, test } from 'vitest'
import { ended, type Injected, inject, type Main, play } from '../run/play.ts'

describe('healing', () => {
  /** The times at which a call with no deadline of its own ended. */
  const endOf = async (options: Injected['options'], patience = {}) => {
    const server: Main = (host, tell) =>
      host.serve('infer', () => {
        tell('served')
        return { status: 200 }
      })
    const client: Main = async (host, tell) =>
      tell(await ended(host.http.call('server', 'infer', { timeouts: patience })))
    const { told } = await play({
      hosts: { server, client },
      routes: ['infer'],
      faults: [inject(0, 8_000, options)],
    })
    return told
  }

  test('cuts what hangs', async () => {
    expect(await endOf({ kind: 'hang', to: 'server' })).toEqual(['8000 client: reset'])
  })

  test('cuts what waits for a lost reply', async () => {
    const [served, cut] = await endOf({ kind: 'lost-replies', to: 'server' })
    expect([served?.replace(/^\d+/, ''), cut]).toEqual([' server: served', '8000 client: reset'])
  })

  test('lets what a partition holds go on', async () => {
    const lines = await endOf({ kind: 'partition', between: 'client', and: 'server' })
    expect(lines.map((line) => line.replace(/\d{3} /, '… '))).toEqual([
      '8… server: served',
      '8… client: 200',
    ])
  })

  test('comes too late for those who gave up', async () => {
    expect(
      await endOf({ kind: 'partition', between: 'server', and: 'client' }, { totalMs: 5_000 }),
    ).toEqual(['5000 client: connect-timeout'])
  })
})

describe('a partition', () => {
  test('holds answers too, in both directions', async () => {
    const busy =
      (name: string, other: string): Main =>
      async (host, tell) => {
        host.serve('infer', async () => {
          await host.work('infer', 2_000)
          tell('served')
          return { status: 200 }
        })
        await host.clock.sleep(1_000)
        tell(`${name} ${await ended(host.http.call(other, 'infer'))}`)
      }
    const { told, faults } = await play({
      hosts: { a: busy('a', 'b'), b: busy('b', 'a'), c: busy('c', 'a') },
      routes: ['infer'],
      faults: [inject(2_000, 9_000, { kind: 'partition', between: ['a'], and: ['b', 'objects'] })],
    })
    expect(told.map((line) => line.replace(/\d{3} /, '… ')).sort()).toEqual([
      '3… a: served',
      '3… a: served',
      '3… b: served',
      // With those outside both sides a host goes on as before.
      '3… c: c 200',
      '9… a: a 200',
      '9… b: b 200',
    ])
    expect(faults[0]).toMatchObject({ touched: 2, evidence: { held: 2 } })
  })
})
