// Keyed draws: the same key gives the same draw, and neighbouring keys, labels and seeds share nothing.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type DrawKey, hashOn, hashText, Random } from '../../src/base/random.ts'

const SEEDS = [0, 20_251_113, 2 ** 32 - 1, 2 ** 32 + 7, 2 ** 52 + 1]
const MANY = 64_000
/** 63 degrees of freedom leave these bounds once in a million at either end; seeds and keys are fixed. */
const LEAST_CHI_SQUARE = 23
const MOST_CHI_SQUARE = 132
/** Five standard deviations of the correlation of `MANY` independent pairs, 1/√MANY each. */
const MOST_CORRELATION = 5 / Math.sqrt(MANY)

type Draw = (i: number) => number

function chiSquare(draw: Draw): number {
  const bins = new Float64Array(64)
  for (let i = 0; i < MANY; i++) {
    const bin = Math.floor(draw(i) * 64)
    bins[bin] = (bins[bin] ?? 0) + 1
  }
  const fair = MANY / 64
  return bins.reduce((sum, seen) => sum + (seen - fair) ** 2 / fair, 0)
}

/** Pearson's, of uniform draws: mean 1/2 and variance 1/12 are known. */
function correlation(x: Draw, y: Draw): number {
  let sum = 0
  for (let i = 0; i < MANY; i++) sum += (x(i) - 0.5) * (y(i) - 0.5)
  return (sum / MANY) * 12
}

/** Sequential keys in every place where a key can stand. */
const PLACES: Readonly<Record<string, (random: Random, i: number) => number>> = {
  'label, a number': (random, i) => random.at(i),
  'label, a text': (random, i) => random.at(`item-${i}`),
  'first key': (random, i) => random.at('time', i),
  'first key, a text': (random, i) => random.at('time', `000${i}.jpg`),
  'second key': (random, i) => random.at('time', 3, i),
  'second key, a text': (random, i) => random.at('time', 3, `000${i}.jpg`),
  'both keys': (random, i) => random.at('time', i, i),
  'both keys, a grid': (random, i) => random.at('time', i >> 8, i & 255),
  'keys a thousand apart': (random, i) => random.at('time', i * 1_000),
  'keys 2^16 apart': (random, i) => random.at('time', i * 2 ** 16),
  fork: (random, i) => random.fork(`host-${i}`).at('time'),
  seed: (random, i) => new Random(i + Math.floor(random.at('base') * 1e6)).at('time'),
  'high word of the seed': (random, i) =>
    new Random((i % 2 ** 20) * 2 ** 32 + Math.floor(random.at('base') * 1e6)).at('time'),
}

describe.each(Object.entries(PLACES))('sequential integers as %s', (_, at) => {
  test.each(SEEDS)('spread evenly over 64 bins, seed %d', (seed) => {
    const random = new Random(seed)
    const measured = {
      'leading bits': chiSquare((i) => at(random, i)),
      'middle bits': chiSquare((i) => (at(random, i) * 2 ** 16) % 1),
      'later bits': chiSquare((i) => (at(random, i) * 2 ** 40) % 1),
    }
    for (const [bits, value] of Object.entries(measured)) {
      expect(value, bits).toBeGreaterThan(LEAST_CHI_SQUARE)
      expect(value, bits).toBeLessThan(MOST_CHI_SQUARE)
    }
  })

  test.each(SEEDS)('do not correlate with their neighbours, seed %d', (seed) => {
    const random = new Random(seed)
    for (const lag of [1, 2, 64]) {
      const found = correlation(
        (i) => at(random, i),
        (i) => at(random, i + lag),
      )
      expect(Math.abs(found), `${lag} apart`).toBeLessThan(MOST_CORRELATION)
    }
  })
})

test.each<[string, Draw, Draw]>([
  ['labels', (i) => new Random(1).at('stage-1', i), (i) => new Random(1).at('stage-2', i)],
  ['numbered labels', (i) => new Random(1).at(1, i), (i) => new Random(1).at(2, i)],
  ['seeds', (i) => new Random(41).at('time', i), (i) => new Random(42).at('time', i)],
  [
    'seeds 2^32 apart',
    (i) => new Random(41).at('time', i),
    (i) => new Random(2 ** 32 + 41).at('time', i),
  ],
  [
    'forks',
    (i) => new Random(1).fork('a').at('time', i),
    (i) => new Random(1).fork('b').at('time', i),
  ],
  ['fork and parent', (i) => new Random(1).at('a', i), (i) => new Random(1).fork('a').at(0, i)],
  ['key places', (i) => new Random(1).at('time', i, 1), (i) => new Random(1).at('time', 1, i)],
  ['second keys', (i) => new Random(1).at('time', i, 1), (i) => new Random(1).at('time', i, 2)],
])('the sequences of neighbouring %s do not correlate', (_, x, y) => {
  expect(Math.abs(correlation(x, y))).toBeLessThan(MOST_CORRELATION)
})

test('no label has the sequence of another label, shifted', () => {
  const random = new Random(1)
  const labels = Array.from({ length: 700 }, (_, i) => i)
  const starts = new Map(labels.map((label) => [random.at(label, 0), label]))
  const shifted: string[] = []
  for (const label of labels)
    for (let i = 1; i < 24_000; i++) {
      const other = starts.get(random.at(label, i))
      // One equal draw is a coincidence, three in a row are not.
      if (
        other !== undefined &&
        [1, 2].every((n) => random.at(label, i + n) === random.at(other, n))
      )
        shifted.push(`${other} is ${label} from ${i}`)
    }
  expect(shifted).toEqual([])
})

const key: fc.Arbitrary<DrawKey> = fc.oneof(fc.integer(), fc.string())
const seed = fc.maxSafeNat()

test('the same seed and keys give the same draw, in [0, 1)', () => {
  fc.assert(
    fc.property(seed, key, key, key, (s, label, a, b) => {
      const draw = new Random(s).at(label, a, b)
      expect(draw).toBe(new Random(s).at(label, a, b))
      expect(draw >= 0 && draw < 1).toBe(true)
      expect(new Random(s).fork('x').at(label, a, b)).toBe(new Random(s).fork('x').at(label, a, b))
    }),
  )
})

test('a draw does not depend on the draws and forks before it', () => {
  const keys = fc.uniqueArray(fc.tuple(key, key, key), { selector: JSON.stringify, minLength: 2 })
  fc.assert(
    fc.property(seed, keys, (s, wanted) => {
      const random = new Random(s)
      const forwards = wanted.map((k) => random.at(...k))
      random.fork('between')
      const backwards = wanted.toReversed().map((k) => random.at(...k))
      expect(backwards.reverse()).toEqual(forwards)
    }),
  )
})

test('a hash is the published FNV-1a where text is ASCII', () => {
  expect(['', 'a', 'foobar'].map(hashText)).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968])
})

test('recorded draws do not change: every recorded digest hangs on them', () => {
  const random = new Random(20_251_113)
  expect([random.at('time'), random.at('time', 1), random.fork('net').at(2, 'x', 3)]).toEqual([
    0.9712339044965207, 0.4647772524303394, 0.3557594539776653,
  ])
})

test('the hash of a text goes on from that of its beginning', () => {
  expect(hashOn(hashText('foo'), 'bar')).toBe(hashText('foobar'))
  expect(hashOn(hashText('人数统计/'), 'é.jpg')).toBe(hashText('人数统计/é.jpg'))
})
