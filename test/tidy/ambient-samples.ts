// Samples for the rules about time, chance, the environment and state.
import { ambient } from './ambient.ts'
import { moduleState } from './module-state.ts'
import type { Checked } from './source.ts'

export const AMBIENT_RULES: readonly Checked[] = [
  [
    'time, chance and the environment come through the ports',
    ambient,
    [
      [
        {
          'src/run/a.ts':
            'const a = Date.now()\nconst b = new Date()\nconst c = performance.now()\nsetTimeout(f, Math.random())',
        },
        [
          'src/run/a.ts:1: uses Date.now',
          'src/run/a.ts:2: uses Date',
          'src/run/a.ts:3: uses performance',
          'src/run/a.ts:4: uses setTimeout',
          'src/run/a.ts:4: uses Math.random',
        ],
      ],
      [
        {
          'mocks/a.ts':
            'const id = crypto.randomUUID()\nAbortSignal.timeout(5)\nconst d = new Date(5)\nglobalThis.setTimeout(f)\nf({ setInterval })',
        },
        [
          'mocks/a.ts:1: uses crypto.randomUUID',
          'mocks/a.ts:2: uses AbortSignal.timeout',
          'mocks/a.ts:3: uses new Date(…)',
          'mocks/a.ts:4: uses globalThis.setTimeout',
          'mocks/a.ts:5: uses setInterval',
        ],
      ],
      [
        {
          'src/cli/list.ts': 'const { HOME } = process.env\nconst t = performance.now()',
          'src/cli/main.ts': 'process.exit(Number(process.argv[2]))',
          'src/worlds/real/a.ts': 'setTimeout(() => Date.now(), 5, process.env)',
        },
        ['src/cli/list.ts:1: uses process.env'],
      ],
      [
        {
          'src/run/a.ts':
            'const x = { performance: 1, Date: 2 }.performance\ninterface I { Date: number }\nprocess.on(e, f)\nhost.clock.setTimeout()',
        },
        [],
      ],
    ],
  ],
  [
    'no state that outlives a run',
    moduleState,
    [
      [
        { 'src/run/a.ts': 'let count = 0\nexport let other = 1\nvar third' },
        [
          "src/run/a.ts:1: 'let' at the top of a module",
          "src/run/a.ts:2: 'let' at the top of a module",
          "src/run/a.ts:3: 'var' at the top of a module",
        ],
      ],
      [
        {
          'src/run/a.ts': 'const known = new Map()\nexport function f(k) { known.set(k, 1) }',
          'mocks/b.ts': 'export const seen = []\nconst f = () => { seen[0] = 1; seen.push(2) }',
        },
        [
          'src/run/a.ts:2: changes known, which belongs to the module',
          'mocks/b.ts:2: changes seen, which belongs to the module',
          'mocks/b.ts:2: changes seen, which belongs to the module',
        ],
      ],
      [
        {
          'src/run/a.ts':
            'const o = {}\nconst f = () => { o.a.b = 1; o.n++; delete o.x; Object.assign(o, {}) }',
        },
        [
          'src/run/a.ts:2: changes o, which belongs to the module',
          'src/run/a.ts:2: changes o, which belongs to the module',
          'src/run/a.ts:2: changes o, which belongs to the module',
          'src/run/a.ts:2: changes o, which belongs to the module',
        ],
      ],
      [
        { 'src/run/a.ts': 'class A { static made = 0; static readonly all = 1; own = 2 }' },
        ['src/run/a.ts:1: a static field that is not readonly'],
      ],
      [
        {
          'src/run/a.ts':
            'const KNOWN = new Set([1])\nfunction f() { const list = []; list.push(KNOWN.has(1)); let n = 0; n++ }',
          'src/cli/b.ts': 'let x = 0',
        },
        [],
      ],
    ],
  ],
]
