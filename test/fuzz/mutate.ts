// Spoils a document: a key dropped, renamed or said twice, a value of another type, an absurd number, a part of elsewhere.
import fc from 'fast-check'
import { type Entry, Mapping, type Tree } from './tree.ts'

/** What takes the place of an entry of a mapping, or, with its key ignored, of an item of a list. */
type Change = (key: string, value: Tree, elsewhere: Tree) => readonly Entry[]

export interface Mutation {
  /** Counts the parts of the document around and around. */
  readonly place: number
  readonly elsewhere: number
  readonly change: Change
}

const keep =
  (spoil: (value: Tree, elsewhere: Tree) => Tree): Change =>
  (key, value, elsewhere) => [[key, spoil(value, elsewhere)]]

const ODD = fc.constantFrom<Tree>(
  null,
  true,
  0,
  -1,
  7,
  0.5,
  '',
  ' ',
  'x',
  'all',
  '*',
  '-3s',
  '0s',
  '10s',
  '12/s',
  'rate<0.01',
  '人',
  [],
  [[]],
  ['a', 1],
  [null],
  new Mapping([]),
  [new Mapping([])],
  new Mapping([['kind', 'x']]),
  new Mapping([['dist', 'x']]),
  new Mapping([
    ['p50', '1ms'],
    ['p99', '1s'],
  ]),
)

const NUMBERS = fc.constantFrom(
  0,
  -0,
  1,
  -1,
  0.5,
  1e-9,
  5e-324,
  99.99999999999999,
  100,
  2 ** 31,
  -(2 ** 31),
  2 ** 53,
  10_000_000,
  10_000_001,
  1e21,
  1e308,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.NaN,
)
const FIGURES = fc.constantFrom(
  '0',
  '0.0000001',
  '0.001',
  '0.5',
  '1',
  '00012',
  '59.9999',
  '366',
  '367',
  '1000000',
  '1e3',
  '-5',
  '+5',
  '.5',
  '5.',
  '1_000',
  '٣',
  '9'.repeat(400),
)
const UNITS = fc.constantFrom(
  '',
  'ms',
  's',
  'm',
  'h',
  'd',
  'w',
  'us',
  'S',
  ' s',
  ' minutes',
  '/s',
  '/d',
  '/ms',
  'ms/s',
  '%',
)
const KEYS = fc.constantFrom(
  '',
  'kind',
  'dist',
  'fro',
  'rate',
  'at',
  'for',
  'duration',
  'vus',
  'type',
  'brief',
  'variants',
  'name',
  '__proto__',
  'constructor',
  'toString',
  'a b',
  '<<',
  '名',
  'p50',
  'values',
  '$schema',
)
/** What a hand does to a word, or an expression. */
const SLIPS = fc.constantFrom(
  '',
  'x',
  ' ',
  '.',
  ',',
  ':',
  '{',
  '}',
  '(',
  ')',
  '[',
  '!',
  '*',
  '**',
  '?',
  '+(',
  '|',
  '<',
  '=',
  '"',
  "'",
  '\\',
  '-',
  '0',
  'é',
  '\n',
  '\t',
  '\u0000',
  '\ud800',
)

interface Slip {
  readonly at: number
  readonly cut: number
  readonly put: string
}

const slip: fc.Arbitrary<Slip> = fc.record({ at: fc.nat(40), cut: fc.nat(3), put: SLIPS })

function slipped(text: string, { at, cut, put }: Slip): string {
  const from = at % (text.length + 1)
  return text.slice(0, from) + put + text.slice(from + cut)
}

function recased(key: string): string {
  return key.includes('-') || key.includes('.')
    ? key.replace(/[-.](\w)/, (_, letter: string) => letter.toUpperCase())
    : key.toUpperCase()
}

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>(() => []),
  fc.oneof(KEYS, fc.constant(undefined)).map(
    (name): Change =>
      (key, value) => [[name ?? recased(key), value]],
  ),
  slip.map(
    (how): Change =>
      (key, value) => [[slipped(key, how), value]],
  ),
  fc.option(ODD).map(
    (odd): Change =>
      (key, value) => [
        [key, value],
        [key, odd ?? value],
      ],
  ),
  fc.tuple(KEYS, ODD).map(
    ([name, odd]): Change =>
      (key, value) => [
        [key, value],
        [name, odd],
      ],
  ),
  { weight: 2, arbitrary: ODD.map((odd) => keep(() => odd)) },
  { weight: 2, arbitrary: NUMBERS.map((n) => keep(() => n)) },
  {
    weight: 2,
    arbitrary: fc.tuple(FIGURES, UNITS).map(([figure, unit]) => keep(() => figure + unit)),
  },
  UNITS.map((unit) => keep((value) => `${String(leafOf(value)).replace(/[a-z/]+$/, '')}${unit}`)),
  fc.integer({ min: -12, max: 12 }).map((power) => keep((value) => scaled(value, 10 ** power))),
  {
    weight: 2,
    arbitrary: slip.map((how) => keep((value) => slipped(String(leafOf(value)), how))),
  },
  { weight: 2, arbitrary: fc.constant(keep((_, elsewhere) => elsewhere)) },
  fc.constant(keep((value) => [value])),
  fc.constant(keep((value) => (Array.isArray(value) ? (value[0] ?? null) : value))),
  fc.constant(keep((value) => (Array.isArray(value) ? [...value, ...value] : value))),
)

function leafOf(value: Tree): Tree {
  return typeof value === 'object' ? 'x' : value
}

/** A number of any unit, larger or smaller. */
function scaled(value: Tree, by: number): Tree {
  if (typeof value === 'number') return value * by
  if (typeof value !== 'string') return value
  return value.replace(/\d+(\.\d+)?/, (digits) =>
    String(Number((Number(digits) * by).toPrecision(6))),
  )
}

export const mutations: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(10_000),
  elsewhere: fc.nat(10_000),
  change,
})

type Path = readonly number[]

/** Everything below the root, by the numbers of its entries or items. */
function pathsOf(tree: Tree, path: Path = []): Path[] {
  const inner =
    tree instanceof Mapping ? tree.entries.map(([, v]) => v) : Array.isArray(tree) ? tree : []
  const below = inner.flatMap((value: Tree, i: number) => pathsOf(value, [...path, i]))
  return path.length === 0 ? below : [path, ...below]
}

function valueAt(tree: Tree, [first, ...rest]: Path): Tree {
  if (first === undefined) return tree
  const inner =
    tree instanceof Mapping ? tree.entries[first]?.[1] : (tree as readonly Tree[])[first]
  return valueAt(inner ?? null, rest)
}

export function mutated(tree: Tree, { place, elsewhere, change: apply }: Mutation): Tree {
  const paths = pathsOf(tree)
  const path = paths[place % paths.length]
  const other = paths[elsewhere % paths.length]
  if (path === undefined || other === undefined) return tree
  return changedAt(tree, path, (key, value) => apply(key, value, valueAt(tree, other)))
}

function changedAt(
  tree: Tree,
  [first, ...rest]: Path,
  apply: (key: string, value: Tree) => readonly Entry[],
): Tree {
  const through = (key: string, value: Tree): readonly Entry[] =>
    rest.length === 0 ? apply(key, value) : [[key, changedAt(value, rest, apply)]]
  if (tree instanceof Mapping)
    return new Mapping(
      tree.entries.flatMap(([key, value], i) =>
        i === first ? through(key, value) : [[key, value]],
      ),
    )
  if (!Array.isArray(tree)) return tree
  return tree.flatMap((value: Tree, i: number) =>
    i === first ? through('', value).map(([, inner]) => inner) : [value],
  )
}
