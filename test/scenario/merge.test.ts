// The merge rules: base ← variant ← brief ← the variant's brief, and where in the file each merged value stands.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layersOf, Merged, type Raw, undoneByBrief } from '../../src/scenario/merge.ts'
import type { Path } from '../../src/scenario/source.ts'

const merged = (raw: Raw, variant?: string, brief = false) =>
  new Merged(layersOf(raw, variant, brief))

/** What is over the base wins: the rule for one key of two mappings. */
const over = (base: unknown, variant: unknown) =>
  merged({ pipeline: base, variants: { a: { pipeline: variant } } }, 'a').raw.pipeline

describe('layers', () => {
  const LAYERS = ['base', 'variant', 'brief', "variant's brief"] as const

  test('the strongest that says something wins', () => {
    const some = fc.record(Object.fromEntries(LAYERS.map((layer) => [layer, fc.boolean()])))
    fc.assert(
      fc.property(some, fc.boolean(), (says, brief) => {
        const said = (layer: (typeof LAYERS)[number]) => (says[layer] ? { warmup: layer } : {})
        const raw = {
          ...said('base'),
          brief: said('brief'),
          variants: {
            a: { ...said('variant'), brief: said("variant's brief") },
            b: { warmup: 'b' },
          },
        }
        const strongest = LAYERS.slice(0, brief ? 4 : 2).findLast((layer) => says[layer])
        expect(merged(raw, 'a', brief).raw).toEqual(strongest ? { warmup: strongest } : {})
      }),
    )
  })

  test('the base alone leaves variants and brief out', () => {
    const raw = { name: 'x', warmup: 1, brief: { warmup: 2 }, variants: { a: { warmup: 3 } } }
    expect(merged(raw).raw).toEqual({ name: 'x', warmup: 1 })
    expect(merged(raw, undefined, true).raw).toEqual({ name: 'x', warmup: 2 })
  })
})

describe('a mapping over another', () => {
  test.each<[what: string, base: unknown, variant: unknown, expected: unknown]>([
    ['merges', { a: 1, b: 2 }, { b: 3, c: 4 }, { a: 1, b: 3, c: 4 }],
    [
      'merges deeply',
      { a: { b: { c: 1, d: 2 } } },
      { a: { b: { d: 3 } } },
      { a: { b: { c: 1, d: 3 } } },
    ],
    ['changes nothing when it is empty', { a: { b: 1 } }, { a: {} }, { a: { b: 1 } }],
    [
      'of the same kind merges',
      { kind: 'x', a: 1 },
      { kind: 'x', b: 2 },
      { kind: 'x', a: 1, b: 2 },
    ],
    ['without a kind merges', { kind: 'x', a: 1 }, { b: 2 }, { kind: 'x', a: 1, b: 2 }],
    ['of another kind replaces', { kind: 'x', a: 1 }, { kind: 'y', b: 2 }, { kind: 'y', b: 2 }],
    ['with a kind replaces one without', { a: 1 }, { kind: 'y' }, { kind: 'y' }],
    ['replaces a list', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    [
      'replaces a text',
      { a: '200ms' },
      { a: { p50: '1s', p99: '2s' } },
      { a: { p50: '1s', p99: '2s' } },
    ],
    ['is replaced by a text', { a: { p50: '1s', p99: '2s' } }, { a: '200ms' }, { a: '200ms' }],
    ['has its lists replaced', { a: [1, 2, 3] }, { a: [4] }, { a: [4] }],
    ['may set nothing', { a: 1 }, { a: null }, { a: null }],
  ])('%s', (_, base, variant, expected) => {
    expect(over(base, variant)).toEqual(expected)
  })

  test.each<[what: string, base: unknown, variant: unknown, expected: unknown]>([
    ['the same keys', { mean: 1, p99: 2 }, { mean: 3, p99: 4 }, { mean: 3, p99: 4 }],
    ['other keys', { mean: 1, p99: 2 }, { p50: 3, p99: 4 }, { p50: 3, p99: 4 }],
    ['fewer keys', { mean: 1, p99: 2 }, { p99: 4 }, { p99: 4 }],
    [
      'another dist',
      { dist: 'uniform', min: 1, max: 2 },
      { dist: 'exponential', mean: 3 },
      { dist: 'exponential', mean: 3 },
    ],
    [
      'the same dist',
      { dist: 'constant', value: 1 },
      { dist: 'constant', value: 2 },
      { dist: 'constant', value: 2 },
    ],
    [
      'a dist of other keys',
      { dist: 'lognormal', mean: 1, p99: 2 },
      { dist: 'lognormal', p50: 1, p99: 2 },
      { dist: 'lognormal', p50: 1, p99: 2 },
    ],
    [
      'a dist over none',
      { mean: 1, p99: 2 },
      { dist: 'lognormal', mean: 1, p99: 3 },
      { dist: 'lognormal', mean: 1, p99: 3 },
    ],
    [
      'a file over values',
      { dist: 'empirical', values: [1] },
      { dist: 'empirical', file: 'a' },
      { dist: 'empirical', file: 'a' },
    ],
    ['nothing', { mean: 1, p99: 2 }, {}, { mean: 1, p99: 2 }],
  ])('that is a distribution: %s', (_, base, variant, expected) => {
    expect(over({ service: { inference: base } }, { service: { inference: variant } })).toEqual({
      service: { inference: expected },
    })
  })

  test('is no distribution for having a max, a file or values', () => {
    const base = { queue: { max: 3, policy: 'drop' }, other: { file: 'a', of: 1 } }
    const variant = { queue: { max: 4 }, other: { values: [] } }
    expect(over(base, variant)).toEqual({
      queue: { max: 4, policy: 'drop' },
      other: { file: 'a', of: 1, values: [] },
    })
  })
})

describe('the four keys that replace', () => {
  test.each(['faults', 'thresholds', 'fingerprint', 'alerts'])('%s', (key) => {
    const raw = {
      [key]: { a: 1 },
      variants: { v: { [key]: { b: 2 } } },
      brief: { [key]: { c: 3 } },
    }
    expect(merged(raw, 'v').raw).toEqual({ [key]: { b: 2 } })
    expect(merged(raw, 'v', true).raw).toEqual({ [key]: { c: 3 } })
  })

  test('expect merges', () => {
    const raw = { expect: { breach: ['a'], holds: 1 }, variants: { v: { expect: { breach: [] } } } }
    expect(merged(raw, 'v').raw).toEqual({ expect: { breach: [], holds: 1 } })
  })

  test('are refused where the brief would undo a variant', () => {
    const keys = ['faults', 'thresholds', 'fingerprint', 'alerts', 'load', 'expect']
    const some = fc.uniqueArray(fc.constantFrom(...keys))
    fc.assert(
      fc.property(some, some, some, (variant, brief, own) => {
        const saying = (said: readonly string[]) => Object.fromEntries(said.map((key) => [key, {}]))
        const raw = {
          brief: saying(brief),
          variants: { v: { ...saying(variant), brief: saying(own) } },
        }
        const undone = keys
          .slice(0, 4)
          .filter((key) => variant.includes(key) && brief.includes(key))
        expect(undoneByBrief(raw, 'v')).toEqual(undone.filter((key) => !own.includes(key)))
      }),
    )
  })
})

describe('whatever is merged', () => {
  const key = fc.constantFrom('a', 'b', 'kind', 'dist', 'mean', 'p99', 'max', 'faults', '__proto__')
  const { mapping } = fc.letrec<{ mapping: Raw; value: unknown }>((tie) => ({
    mapping: fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
    value: fc.oneof(
      { depthSize: 'small' },
      fc.nat(3),
      fc.constant(null),
      fc.array(fc.nat(3)),
      tie('mapping'),
    ),
  }))
  const file = fc.record({ base: mapping, variant: mapping, brief: mapping, own: mapping })

  const valueAt = (value: unknown, path: Path) =>
    path.reduce(
      (inner, step) => Object.entries(inner as object).find(([k]) => k === String(step))?.[1],
      value,
    )
  const pathsOf = (value: unknown, path: Path = []): Path[] =>
    typeof value === 'object' && value !== null
      ? [path, ...Object.entries(value).flatMap(([k, inner]) => pathsOf(inner, [...path, k]))]
      : [path]

  test('stands in the file where it is said to stand, and the file stays as it was', () => {
    fc.assert(
      fc.property(file, fc.boolean(), ({ base, variant, brief, own }, isBrief) => {
        const raw = { ...base, brief, variants: { v: { ...variant, brief: own } } }
        const before = JSON.stringify(raw)
        const found = merged(raw, 'v', isBrief)
        const leaves = pathsOf(found.raw).filter(
          (path) => typeof valueAt(found.raw, path) !== 'object',
        )
        for (const path of leaves)
          expect(valueAt(raw, found.originOf(path))).toEqual(valueAt(found.raw, path))
        expect(JSON.stringify(raw)).toBe(before)
      }),
    )
  })

  test('over nothing is itself, and over itself', () => {
    fc.assert(
      fc.property(mapping, (settings) => {
        const own = { ...settings }
        const raw = (base: Raw) => ({ ...base, variants: { v: own } })
        expect(merged(raw({}), 'v').raw).toEqual(own)
        expect(merged(raw(own), 'v').raw).toEqual(own)
      }),
    )
  })

  test('is missing where its owner is first described', () => {
    const raw = {
      load: { kind: 'x' },
      variants: { v: { load: { a: 1 }, pipeline: { kind: 'y' } } },
    }
    const { originOf } = { originOf: (path: Path) => merged(raw, 'v').originOf(path) }
    expect(originOf(['load', 'rate'])).toEqual(['load', 'rate'])
    expect(originOf(['load', 'a'])).toEqual(['variants', 'v', 'load', 'a'])
    expect(originOf(['pipeline', 'a', 'b'])).toEqual(['variants', 'v', 'pipeline', 'a', 'b'])
    expect(originOf(['faults', 0, 'at'])).toEqual(['faults', 0, 'at'])
  })
})
