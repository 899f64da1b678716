// Faults on calls: which end of the call sees what, and whether it took effect.
import { describe, expect, test } from 'vitest'
import { ended, type Injected, inject, type Main, play } from '../run/play.ts'

const always = (options: Injected['options']) => inject(0, 20_000, options)

/** One put and one request under the fault: how they ended for their caller, and whether they took effect. */
async function effects(faults: readonly Injected[], timeouts = { totalMs: 3_000 }) {
  let served = 0
  const server: Main = (host) =>
    host.serve('infer', () => {
      served++
      return { status: 200, body: { fine: true } }
    })
  const client: Main = async (host, tell) => {
    tell(`put ${await ended(host.objects.put('cam/1.jpg', 1, timeouts))}`)
    tell(`infer ${await ended(host.http.call('server', 'infer', { timeouts }))}`)
  }
  const {
    told,
    world,
    faults: reports,
  } = await play({ hosts: { server, client }, routes: ['infer'], faults, forMs: 30_000 })
  return {
    told: told.map((line) => line.replace(/^\d+ client: /, '')),
    stored: world.edge.store.table.size,
    served,
    evidence: { touched: reports[0]?.touched, ...reports[0]?.evidence },
  }
}

describe('what takes effect', () => {
  test.each<[string, Injected['options'], object]>([
    [
      'nothing wrong',
      { kind: 'status', to: 'nobody', status: 500 },
      { told: ['put ok', 'infer 200'], stored: 1, served: 1, evidence: { touched: 0 } },
    ],
    [
      'status',
      { kind: 'status', status: 503, code: 'SlowDown' },
      {
        told: ['put http-503 SlowDown', 'infer 503'],
        stored: 0,
        served: 0,
        evidence: { touched: 2, answered: 2 },
      },
    ],
    [
      'status, reached',
      { kind: 'status', status: 500, reached: true },
      {
        told: ['put http-500', 'infer 500'],
        stored: 1,
        served: 1,
        evidence: { touched: 2, answered: 2 },
      },
    ],
    [
      'reset, request lost',
      { kind: 'reset' },
      {
        told: ['put reset', 'infer reset'],
        stored: 0,
        served: 0,
        evidence: { touched: 2, reset: 2 },
      },
    ],
    [
      'reset, reply lost',
      { kind: 'reset', lost: 'reply' },
      {
        told: ['put reset', 'infer reset'],
        stored: 1,
        served: 1,
        evidence: { touched: 2, reset: 2 },
      },
    ],
    [
      'refuse',
      { kind: 'refuse' },
      {
        told: ['put refused', 'infer refused'],
        stored: 0,
        served: 0,
        evidence: { touched: 2, refused: 2 },
      },
    ],
    [
      'hang',
      { kind: 'hang' },
      {
        told: ['put read-timeout', 'infer read-timeout'],
        stored: 0,
        served: 0,
        evidence: { touched: 2, withheld: 2 },
      },
    ],
    [
      'lost replies',
      { kind: 'lost-replies' },
      {
        told: ['put read-timeout', 'infer read-timeout'],
        stored: 1,
        served: 1,
        evidence: { touched: 2, withheld: 2 },
      },
    ],
    [
      'late for its caller',
      { kind: 'latency', add: '5s', on: 'request' },
      {
        told: ['put read-timeout', 'infer read-timeout'],
        stored: 0,
        served: 0,
        evidence: { touched: 2, delayedMs: 10_000 },
      },
    ],
    [
      'late replies',
      { kind: 'latency', add: '5s' },
      {
        told: ['put read-timeout', 'infer read-timeout'],
        stored: 1,
        served: 1,
        evidence: { touched: 2, delayedMs: 10_000 },
      },
    ],
  ])('%s', async (_name, options, expected) => {
    expect(await effects([always(options)])).toEqual(expected)
  })

  test('of two faults at once the harsher wins: what hangs is not answered', async () => {
    const both = [always({ kind: 'status', status: 500 }), always({ kind: 'hang' })]
    expect(await effects(both)).toMatchObject({
      told: ['put read-timeout', 'infer read-timeout'],
      stored: 0,
      served: 0,
    })
  })

  test('delays of two faults add up', async () => {
    const both = [
      always({ kind: 'latency', add: '1s' }),
      always({ kind: 'latency', add: '1500ms' }),
    ]
    expect((await effects(both)).told).toEqual(['put ok', 'infer 200'])
    expect((await effects([...both, both[0] as Injected])).told).toEqual([
      'put read-timeout',
      'infer read-timeout',
    ])
  })
})
