// Scenarios in TypeScript that do not load, export no scenario, or hold what is no data: a sentence, never a stack.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FAULTS, Folder, type Outcome, readModules } from './reading.ts'

const BODY = "pipeline: { kind: 'inference' }, load: { kind: 'arrivals', rate: '1/s', for: '1m' }"
const DEFAULT = 'write export default defineScenario({ … })'

/** The file, what it says, and every line that is said about it. */
const CASES: readonly (readonly [file: string, text: string, ...expected: string[]])[] = [
  [
    'syntax.ts',
    'export default {\n  name: \n}',
    'syntax.ts:3: not TypeScript: Expression expected',
  ],
  [
    'syntax.mjs',
    'const a: number = 1',
    'syntax.mjs: not JavaScript: Missing initializer in const declaration',
  ],
  [
    'twice.ts',
    'const a = 1\nconst a = 2',
    "twice.ts: not TypeScript: Identifier 'a' has already been declared",
  ],
  ['json.ts', '{"a": 1}', "json.ts:1: not TypeScript: Expected ';', '}' or <eof>"],
  ['enum.ts', 'enum A { b }', 'enum.ts:1: no enum here: types are stripped, not compiled'],
  [
    'namespace.mts',
    '\nnamespace A { export const b = 1 }',
    'namespace.mts:2: no namespace declaration here: types are stripped, not compiled',
  ],
  [
    'property.ts',
    'class A { constructor(private b: number) {} }',
    'property.ts:1: no parameter property here: types are stripped, not compiled',
  ],
  [
    'throws.ts',
    "const a: number = 1\nthrow new Error('no such luck')",
    'throws.ts:2:7: threw while loading: no such luck',
  ],
  [
    'throws-lines.ts',
    "throw new Error('one\\ntwo')",
    'throws-lines.ts:1:7: threw while loading: one',
  ],
  ['throws-text.ts', "throw 'a text'", 'throws-text.ts: threw while loading: a text'],
  ['throws-null.ts', 'throw null', 'throws-null.ts: threw while loading: null'],
  [
    'throws-later.ts',
    `await null\nthrow new Error('late')`,
    'throws-later.ts:2:7: threw while loading: late',
  ],
  [
    'type-error.ts',
    'const a = undefined as any\nexport default a.b.c',
    "type-error.ts:2:18: threw while loading: Cannot read properties of undefined (reading 'b')",
  ],
  [
    'stray.ts',
    `Promise.reject(new Error('stray'))\nexport default { ${BODY} }`,
    'stray.ts:1:16: threw while loading: stray',
  ],
  ['exits.ts', 'process.exit(0)', 'exits.ts:1:9: threw while loading: it calls process.exit'],
  ['empty.ts', '', `empty.ts: no default export; ${DEFAULT}`],
  ['named.ts', 'export const scenario = {}', `named.ts: no default export; ${DEFAULT}`],
  [
    'function.ts',
    'export default () => ({})',
    `function.ts: the default export is a function, not a scenario; ${DEFAULT}`,
  ],
  [
    'class.ts',
    'export default class A {}',
    `class.ts: the default export is a function, not a scenario; ${DEFAULT}`,
  ],
  [
    'null.ts',
    'export default null',
    `null.ts: the default export is null, not a scenario; ${DEFAULT}`,
  ],
  [
    'list.ts',
    'export default []',
    `list.ts: the default export is a list, not a scenario; ${DEFAULT}`,
  ],
  [
    'text.js',
    "export default 'x'",
    `text.js: the default export is a string, not a scenario; ${DEFAULT}`,
  ],
  [
    'promise.ts',
    `export default Promise.resolve({ ${BODY} })`,
    'promise.ts: the default export is a promise; write export default await …',
  ],
  ['commonjs.js', 'module.exports = {}', `commonjs.js:1:1: a scenario is an ES module: ${DEFAULT}`],
  [
    'require.ts',
    "const fs = require('fs')",
    `require.ts:1:12: a scenario is an ES module: ${DEFAULT}`,
  ],
  ['file-missing.ts', "import './nope.ts'", "file-missing.ts: cannot find './nope.ts'"],
  ['file-far.ts', "import '../far/nope.ts'", "file-far.ts: cannot find '../far/nope.ts'"],
  [
    'file-ending.ts',
    "import { a } from './part'",
    "file-ending.ts: cannot find './part'; did you mean './part.ts'?",
  ],
  [
    'file-inner.ts',
    "import './inner/index.ts'",
    "file-inner.ts: cannot find './gone.ts', which inner/index.ts imports",
  ],
  [
    'package.ts',
    "import 'left-pad'",
    "package.ts: cannot find the package 'left-pad'; install it beside the scenario, or import only 'aftershock'",
  ],
  [
    'type.ts',
    "import { ScenarioInput } from 'aftershock'",
    "type.ts:1: 'aftershock' exports no 'ScenarioInput'; if it is a type, write import type { ScenarioInput }",
  ],
  [
    'name.ts',
    "import { defineScenrio } from 'aftershock'",
    "name.ts:1: 'aftershock' exports no 'defineScenrio'; did you mean 'defineScenario'?",
  ],
  [
    'name-part.ts',
    "import { b } from './part.ts'",
    "name-part.ts:1: './part.ts' exports no 'b'; if it is a type, write import type { b }",
  ],
  [
    'cyclic.ts',
    `const a: any = { ${BODY} }\na.brief = { load: a }\nexport default a`,
    'cyclic.ts: brief.load: contains itself, in a circle',
  ],
  [
    'date.ts',
    `export default { ${BODY}, start: new Date() }`,
    'date.ts: start: a Date is no plain data; write text, a number, a list or a mapping',
  ],
  [
    'map.ts',
    `export default { ${BODY}, thresholds: new Map() }`,
    'map.ts: thresholds: a Map is no plain data; write text, a number, a list or a mapping',
  ],
  [
    'callback.ts',
    `export default { ${BODY}, symptoms: [() => 3] }`,
    'callback.ts: symptoms[0]: a function is no plain data; write text, a number, a list or a mapping',
  ],
  [
    'bigint.ts',
    `export default { ${BODY}, warmup: 3n }`,
    'bigint.ts: warmup: a bigint is no plain data; write text, a number, a list or a mapping',
  ],
  [
    'getter.ts',
    "export default { get name() { throw new Error('gotcha') } }",
    'getter.ts:1:37: threw while it was read: gotcha',
  ],
  [
    'nan.ts',
    `export default { ${BODY}, warmup: NaN, settle: Infinity }`,
    'nan.ts: warmup: needs a duration such as 10s or 1h30m, not NaN',
    'nan.ts: settle: needs a duration such as 10s or 1h30m, not Infinity',
  ],
  [
    'typo.ts',
    `export default { ${BODY}, fautls: [], variants: { a: { warmpu: 0 } } }`,
    "typo.ts: fautls: unknown key 'fautls'; did you mean 'faults'?",
    "typo.ts: variants.a.warmpu: unknown key 'warmpu'; did you mean 'warmup'?",
  ],
  [
    'hole.ts',
    `export default { ${BODY}, faults: [undefined] }`,
    `hole.ts: faults[0]: missing; needs a mapping with a \`kind\`: ${FAULTS}`,
  ],
]

let folder: Folder
let outcomes: Record<string, Outcome>

beforeAll(() => {
  folder = new Folder({
    'part.ts': 'export const a = 1',
    'inner/index.ts': "import './gone.ts'",
    ...Object.fromEntries(CASES.map(([file, text]) => [file, text])),
  })
  outcomes = readModules(
    folder.path,
    CASES.map(([file]) => file),
  )
})
afterAll(() => folder[Symbol.dispose]())

test.each(CASES)('%s', (file, _, ...expected) => {
  expect(outcomes[file]).toEqual({ refused: expected })
})

test('a top-level await that never ends', () => {
  using waiting = new Folder({ 'x.ts': 'await new Promise(() => {})' })
  expect(readModules(waiting.path, ['x.ts'])).toEqual({
    'x.ts': {
      refused: [
        'x.ts: threw while loading: its top-level await waits for something that never comes',
      ],
    },
  })
})
