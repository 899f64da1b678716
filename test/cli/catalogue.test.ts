// `aftershock list --faults` and `--loads`, and the record of what was compared against what there is.
import { expect, test } from 'vitest'
import { everyScenario } from '../../src/cli/bundled.ts'
import { comparisonsOf, readComparisons } from '../../src/cli/comparisons.ts'
import type { FaultDefinition } from '../../src/faults/fault.ts'
import { readScenario } from '../../src/scenario/read.ts'
import { faults, loads } from '../../src/scenario/schema.ts'
import { HANDS } from '../../src/worlds/real/abilities.ts'
import { aftershock } from './aftershock.ts'

const KINDS = faults.map(({ kind }) => kind).sort()

async function rows(flag: string): Promise<string[]> {
  const { code, stdout, stderr } = await aftershock(['list', flag])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout.split('\n')
}

test('every fault is listed, and those whose worlds were never compared are marked', async () => {
  const lines = (await rows('--faults')).slice(1)
  const told = lines.slice(0, lines.indexOf(''))
  expect(told.map((line) => line.split(' ')[0])).toEqual(KINDS)
  const marked = told.filter((line) => line.includes('never compared'))
  const all = readComparisons()
  const isReal = ({ hands = [] }: FaultDefinition) =>
    hands.every((hand) => HANDS[hand].on.includes(process.platform))
  const never = faults.filter((one) => isReal(one) && comparisonsOf(one.kind, all).length === 0)
  expect(marked.map((line) => line.split(' ')[0])).toEqual(never.map(({ kind }) => kind).sort())
})

test('every load model is listed', async () => {
  const lines = (await rows('--loads')).slice(1).filter((line) => line !== '')
  expect(lines.map((line) => line.split(' ')[0])).toEqual(loads.map(({ kind }) => kind))
})

test('a symptom finds scenarios, not faults', async () => {
  expect(await aftershock(['list', '--faults', 'timeout'])).toEqual({
    code: 104,
    stdout: '',
    stderr: 'aftershock: list: a symptom finds scenarios; leave it out to list faults or loads\n',
  })
})

test('a fault counts as compared only where it did something in both worlds', () => {
  const one = { scenario: 's', variant: 'v', seeds: [1], speed: 10, store: 'MinIO', agrees: true }
  const of = (virtual: number, real: number) => [{ ...one, faults: { hang: { virtual, real } } }]
  expect(comparisonsOf('hang', of(3, 2))).toHaveLength(1)
  expect(comparisonsOf('hang', of(3, 0))).toHaveLength(0)
  expect(comparisonsOf('reset', of(3, 2))).toHaveLength(0)
})

test('the record speaks of scenarios, variants and faults that there are', async () => {
  const known = new Map<string, readonly string[]>()
  for (const file of await everyScenario()) {
    const scenario = await readScenario(file)
    for (const variant of scenario.variants) {
      const kinds = scenario.resolve(variant, true).faults.map(({ kind }) => kind)
      known.set(`${scenario.name}.${variant}`, [...new Set(kinds)].sort())
    }
  }
  const all = readComparisons()
  expect(all.length).toBeGreaterThan(0)
  for (const { scenario, variant, faults: touched, store } of all) {
    const name = `${scenario}.${variant}`
    expect([name, Object.keys(touched).sort()]).toEqual([name, known.get(name)])
    expect(store).toMatch(/MinIO/)
  }
})
