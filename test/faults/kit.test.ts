// The fault kit: what every fault has to do, whatever it does. A new fault joins by its example in examples.ts.
import { describe, expect, test } from 'vitest'
import { Random } from '../../src/base/random.ts'
import type { FaultDefinition } from '../../src/faults/fault.ts'
import type { Ruling } from '../../src/worlds/world.ts'
import { faults } from '../run/play.ts'
import { EXAMPLES, injected } from './examples.ts'
import { leftovers, observe, someCalls } from './lab.ts'

test('every fault has examples, and every example its fault', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(faults.map((fault) => fault.kind).sort())
})

const healthy = await observe([])

test('the laboratory is healthy without faults', () => {
  expect(leftovers(healthy.world)).toEqual([])
  const lines = healthy.told.map((line) => line.replace(/^\d+ [\w-]+: (\d+ )?/, ''))
  const ends = lines.filter((line) => !line.startsWith('clock'))
  expect([...new Set(ends)].sort()).toEqual([
    'add ok',
    'beat 200',
    'beats service-1,service-2',
    'delete ok',
    'head ok',
    'infer 200 {"fetched":200}',
    'job, try 1, delivery 1',
    'publish 200',
    'put ok',
    'still there ok',
  ])
  expect(healthy.probes).toHaveLength(20 * 7 + 5 + 10)
  expect(healthy.offered).toBe(150)
})

const cases = faults.flatMap((fault) =>
  (EXAMPLES[fault.kind]?.hits ?? []).map(
    (options) => [fault.kind, JSON.stringify(options), fault, options] as const,
  ),
)

describe.each(cases)('%s %s', (kind, _text, fault, options) => {
  test('touches something, and counts it', async () => {
    const { faults: reports } = await observe([injected(kind, options)])
    const [report] = reports
    expect(report?.touched).toBeGreaterThan(0)
    for (const figure of Object.values(report?.evidence ?? {}))
      expect(Number.isFinite(figure)).toBe(true)
  })

  test('heals without a trace', async () => {
    const { world, probes, told } = await observe([injected(kind, options)])
    expect(told).not.toEqual(healthy.told)
    expect(leftovers(world)).toEqual([])
    expect(probes).toEqual(healthy.probes)
  })

  test('does the same again for the same seed', async () => {
    const [once, again] = await Promise.all([
      observe([injected(kind, options)], 7),
      observe([injected(kind, options)], 7),
    ])
    expect(again.told).toEqual(once.told)
    expect(again.faults).toEqual(once.faults)
  })

  test('rules as its seed says, where chance has a part in it', () => {
    const parsed = fault.options.safeParse({ kind, ...options, probability: 0.5 })
    if (fault.rule === undefined || !parsed.success) return
    const rulings = (seed: number) => rulingsOf(fault, parsed.data, seed)
    expect(rulings(1)).toEqual(rulings(1))
    expect(rulings(2)).not.toEqual(rulings(1))
  })

  test('describes itself in one line', () => {
    const line = fault.describe(fault.options.parse({ kind, ...options }))
    expect(line).toMatch(/^[^\n]{5,100}$/)
    expect(line).not.toMatch(/undefined|NaN|\[object|Infinity/)
    expect(fault.help).toMatch(/^[^\n]{5,100}$/)
  })

  test('has options that survive JSON', () => {
    const raw = { kind, ...options }
    const parsed = fault.options.parse(raw)
    // As a scenario writes them, and as they are handed to where the rules are built.
    expect(fault.options.parse(JSON.parse(JSON.stringify(raw)))).toEqual(parsed)
    expect(JSON.parse(JSON.stringify(parsed))).toEqual(parsed)
    expect(parsed).toMatchObject({ kind, mayMiss: false })
  })
})

describe.each(Object.entries(EXAMPLES))('%s', (kind, { misses, missesFromMs }) => {
  test('touches nothing where nothing matches', async () => {
    const missing =
      missesFromMs === undefined
        ? injected(kind, misses)
        : injected(kind, misses, missesFromMs, missesFromMs + 3_000)
    const { told, faults: reports } = await observe([missing])
    expect(reports[0]?.touched).toBe(0)
    expect(told).toEqual(healthy.told)
  })

  test('takes the options that all faults have, and no unknown ones', () => {
    const options = faults.find((fault) => fault.kind === kind)?.options
    const timed = {
      kind,
      ...(EXAMPLES[kind]?.hits[0] ?? {}),
      name: 'a_1.b-c',
      at: '1m',
      for: '10s',
      every: '30s',
      mayMiss: true,
    }
    expect(options?.parse(timed)).toMatchObject({
      name: 'a_1.b-c',
      at: 60_000,
      for: 10_000,
      every: 30_000,
      mayMiss: true,
    })
    expect(options?.safeParse({ ...timed, probabilty: 0.5 }).success).toBe(false)
  })
})

function rulingsOf(fault: FaultDefinition, options: unknown, seed: number): Ruling[] {
  const rule = fault.rule?.(options, new Random(seed).fork('key'))
  return rule === undefined ? [] : [...someCalls()].map(([call, at]) => rule(call, at))
}
