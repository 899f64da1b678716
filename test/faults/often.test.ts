// How often a fault acts, and on which calls: the selection that all faults on calls share.
import { describe, expect, test } from 'vitest'
import { Random } from '../../src/base/random.ts'
import type { Selection } from '../../src/faults/fault.ts'
import { isAmong, nameServices, often, serviceTargets } from '../../src/faults/often.ts'
import type { Call, Op, Ruling } from '../../src/worlds/world.ts'

const hit: Ruling = { do: 'hang' }

function call(n: number, more: Partial<Call> = {}): Call {
  const op: Op = 'http'
  return {
    from: 'client',
    to: 'service-1',
    op,
    route: 'infer',
    key: `人数统计/cam1/${n}.jpg`,
    item: n,
    nth: 1,
    elapsedMs: () => 0,
    sizeBytes: () => 0,
    ...more,
  }
}

/** Which of the calls it acts on. */
function acts(select: Selection, calls: readonly Call[], seed = 1): number[] {
  const rule = often(select, new Random(seed), 'request', () => hit)
  return calls.flatMap((c, i) => (rule(c, 'request').do === 'pass' ? [] : [i]))
}
const calls = (length: number, more: Partial<Call> = {}) =>
  Array.from({ length }, (_, n) => call(n, more))

test('acts at its own stage only', () => {
  const rule = often({}, new Random(1), 'reply', () => hit)
  expect((['connect', 'request', 'reply'] as const).map((at) => rule(call(0), at).do)).toEqual([
    'pass',
    'pass',
    'hang',
  ])
})

describe('which calls', () => {
  const mixed = [
    call(0),
    call(1, { to: 'service-2' }),
    call(2, { from: 'service-1', to: 'objects', op: 'fetch', route: 'fetch' }),
    call(3, { route: 'heartbeat', key: '', item: -1 }),
    call(4, { key: '人数统计/cam2/4.jpg' }),
    call(5, { key: '人数统计/.hidden/5.jpg' }),
  ]
  test.each<[Selection, number[]]>([
    [{}, [0, 1, 2, 3, 4, 5]],
    [{ to: 'service-1' }, [0, 3, 4, 5]],
    [{ to: 'service-*' }, [0, 1, 3, 4, 5]],
    [{ to: '{service-2,objects}' }, [1, 2]],
    [{ from: 'service-?' }, [2]],
    [{ route: '!(infer|fetch)' }, [3]],
    [{ key: '**/cam1/*.jpg' }, [0, 1, 2]],
    [{ key: '人数统计/cam2/*' }, [4]],
    [{ key: '**' }, [0, 1, 2, 4, 5]],
    [{ from: 'client', to: 'service-2', route: 'infer', key: '**/1.jpg' }, [1]],
    [{ to: 'service' }, []],
  ])('%j', (select, expected) => {
    expect(acts(select, mixed)).toEqual(expected)
  })
})

describe('how many', () => {
  test('every nth', () => {
    expect(acts({ nth: 3 }, calls(10))).toEqual([2, 5, 8])
    expect(acts({ nth: 1 }, calls(3))).toEqual([0, 1, 2])
  })

  test('the first so many', () => {
    expect(acts({ first: 2 }, calls(5))).toEqual([0, 1])
  })

  test('every nth of the first so many', () => {
    expect(acts({ first: 6, nth: 3 }, calls(20))).toEqual([2, 5])
  })

  test("an item's first call of a route, or its second", () => {
    const tries = [0, 1, 2].flatMap((n) => [call(n), call(n, { nth: 2 }), call(n, { nth: 3 })])
    expect(acts({ attempt: 1 }, tries)).toEqual([0, 3, 6])
    expect(acts({ attempt: 2 }, tries)).toEqual([1, 4, 7])
    expect(acts({ attempt: 4 }, tries)).toEqual([])
    // Only those are counted: every second of them, and the first two.
    expect(acts({ attempt: 2, nth: 2 }, tries)).toEqual([4])
    expect(acts({ attempt: 2, first: 2 }, tries)).toEqual([1, 4])
  })

  test('counts matching calls only', () => {
    const alternating = calls(10).map((c, i) => (i % 2 === 0 ? c : { ...c, to: 'sink' }))
    expect(acts({ to: 'sink', nth: 2 }, alternating)).toEqual([3, 7])
  })

  test('a share: none at 0, all at 1, about a quarter at 0.25', () => {
    expect(acts({ probability: 0 }, calls(500))).toEqual([])
    expect(acts({ probability: 1 }, calls(500))).toHaveLength(500)
    // Binomial(4000, 1/4): 4 σ are 110.
    expect(Math.abs(acts({ probability: 0.25 }, calls(4_000)).length - 1_000)).toBeLessThan(110)
  })

  test('draws are keyed: a call is ruled the same whatever came before it', () => {
    const all = calls(200)
    const some = all.filter((_, i) => i % 3 === 0)
    const chosen = acts({ probability: 0.5 }, all).map((i) => all[i])
    expect(acts({ probability: 0.5 }, some).map((i) => some[i])).toEqual(
      chosen.filter((c) => c !== undefined && some.includes(c)),
    )
    expect(acts({ probability: 0.5 }, all, 2).map((i) => all[i])).not.toEqual(chosen)
  })

  test('each try of an item draws again, and so does each call about no item', () => {
    const tries = Array.from({ length: 400 }, (_, n) => call(7, { nth: n + 1 }))
    const beats = Array.from({ length: 400 }, (_, n) => call(0, { item: -1, key: '', nth: n + 1 }))
    // Binomial(400, 1/2): 4 σ are 40.
    for (const repeated of [tries, beats])
      expect(Math.abs(acts({ probability: 0.5 }, repeated).length - 200)).toBeLessThan(40)
  })
})

describe('services', () => {
  const beat = (from: string) => call(0, { from, route: 'heartbeat' })
  const among = (which: Parameters<typeof isAmong>[0], names: readonly string[]) => {
    const isAffected = isAmong(which)
    return names.filter((name) => isAffected(beat(name)))
  }
  const names = ['service-7902', 'service-7901', 'service-7903', 'service-7901', 'service-7902']

  test('all, the first so many that beat, or names', () => {
    expect(among('all', names)).toEqual(names)
    expect(among(1, names)).toEqual(['service-7902', 'service-7902'])
    expect(among(2, names)).toEqual([
      'service-7902',
      'service-7901',
      'service-7901',
      'service-7902',
    ])
    expect(among(9, names)).toEqual(names)
    expect(among(['service-7901'], names)).toEqual(['service-7901', 'service-7901'])
    expect(among(['service-7901', '*-7903'], names)).toEqual([
      'service-7901',
      'service-7903',
      'service-7901',
    ])
    expect(among(['service-{7901,7903}', 'x'], names)).toEqual([
      'service-7901',
      'service-7903',
      'service-7901',
    ])
    expect(among(['service-790[12]'], names)).toHaveLength(4)
  })

  test('are named, and must be there where they are named', () => {
    expect([
      nameServices('all'),
      nameServices(1),
      nameServices(3),
      nameServices(['a', 'b*']),
    ]).toEqual(['all services', 'one service', '3 services', 'a, b*'])
    expect([serviceTargets('all'), serviceTargets(3), serviceTargets(['a', 'b*'])]).toEqual([
      [],
      [],
      ['a', 'b*'],
    ])
  })
})
