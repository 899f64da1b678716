// Samples for the rules about imports: what they have to find, and what they have to let be.
import { cycles, families, kinds, layering, packages, paths } from './imports.ts'
import type { Checked } from './source.ts'

export const IMPORT_RULES: readonly Checked[] = [
  [
    'imports go down the layers',
    layering,
    [
      [
        { 'src/base/a.ts': "import type { X } from '../metrics/b.ts'" },
        ['src/base/a.ts:1: src/base/ must not import src/metrics/ (src/metrics/b.ts)'],
      ],
      [
        { 'src/faults/a.ts': "\nimport { X } from '../load/b.ts'" },
        ['src/faults/a.ts:2: src/faults/ must not import src/load/ (src/load/b.ts)'],
      ],
      [
        { 'src/worlds/virtual/a.ts': "export * from '../real/b.ts'" },
        [
          'src/worlds/virtual/a.ts:1: src/worlds/virtual/ must not import src/worlds/real/ (src/worlds/real/b.ts)',
        ],
      ],
      [
        {
          'src/worlds/real/a.ts': "import { s } from '../store/s.ts'",
          'src/worlds/store/b.ts': "import { v } from '../virtual/v.ts'",
        },
        [
          'src/worlds/store/b.ts:1: src/worlds/store/ must not import src/worlds/virtual/ (src/worlds/virtual/v.ts)',
        ],
      ],
      [
        { 'mocks/a.ts': "import { run } from '../src/run/run.ts'" },
        ['mocks/a.ts:1: mocks/ must not import src/run/ (src/run/run.ts)'],
      ],
      [
        { 'src/cli/a.ts': "void import('../index.ts')" },
        ['src/cli/a.ts:1: src/cli/ must not import src/index.ts (src/index.ts)'],
      ],
      [
        { 'src/run/a.ts': "import { x } from '../other/b.ts'" },
        ['src/run/a.ts:1: imports src/other/b.ts, which stands in no layer'],
      ],
      [
        { 'scenarios/a/b.ts': "import { x } from '../../src/index.ts'" },
        ["scenarios/a/b.ts:1: a scenario imports 'aftershock', not src/index.ts"],
      ],
      [
        {
          'src/run/a.ts': "import { x } from '../base/b.ts'\nimport { y } from './c.ts'",
          'test/run/a.ts': "import '../../src/cli/main.ts'",
        },
        [],
      ],
    ],
  ],
  [
    'members of a family are named by its index alone',
    families,
    [
      [
        {
          'src/faults/index.ts': "export { a } from './a.ts'\nexport { b } from './b.ts'",
          'src/faults/a.ts': "import { b } from './b.ts'",
          'src/faults/b.ts': '',
          'src/cli/x.ts':
            "import { a } from '../faults/a.ts'\nimport * as all from '../faults/index.ts'",
        },
        [
          'src/faults/a.ts:1: only src/faults/index.ts may import src/faults/b.ts',
          'src/cli/x.ts:1: only src/faults/index.ts may import src/faults/a.ts',
        ],
      ],
      [
        {
          'src/pipelines/index.ts': "export { one } from './one/index.ts'",
          'src/pipelines/one/index.ts': "import './part.ts'",
          'src/pipelines/two/index.ts': "import '../one/part.ts'",
          'src/pipelines/pipeline.ts': '',
        },
        [
          'src/pipelines/two/index.ts:1: only src/pipelines/index.ts may import src/pipelines/one/part.ts',
        ],
      ],
    ],
  ],
  [
    'a kind is called like its file',
    kinds,
    [
      [
        {
          'src/faults/host-crash.ts':
            "export const hostCrash = defineFault({ kind: 'host.crash' })",
          'mocks/alert-sink.ts': "export const alertSink = { kind: 'alert-sink' } as const",
          'src/pipelines/inference/index.ts':
            "export const inference = definePipeline({ kind: 'inference' })",
        },
        [],
      ],
      [
        { 'src/faults/crash.ts': "export const hostCrash = defineFault({ kind: 'host.crash' })" },
        ["src/faults/crash.ts:1: holds the kind 'host.crash', but is called crash"],
      ],
      [
        { 'mocks/sink.ts': "export const alertSink = { kind: 'alert-sink' } as const" },
        ["mocks/sink.ts:1: holds the kind 'alert-sink', but is called sink"],
      ],
    ],
  ],
  [
    'no cycle of imports',
    cycles,
    [
      [
        {
          'src/run/a.ts': "import './b.ts'",
          'src/run/b.ts': "import './c.ts'",
          'src/run/c.ts': "export * from './a.ts'",
        },
        [
          'src/run/a.ts:1: a cycle of imports: src/run/a.ts → src/run/b.ts → src/run/c.ts → src/run/a.ts',
        ],
      ],
      [
        {
          'src/run/a.ts': "import type { B } from './b.ts'\nvoid import('./b.ts')",
          'src/run/b.ts': "import './a.ts'",
        },
        [],
      ],
      [
        { 'src/run/a.ts': "import { type B } from './b.ts'", 'src/run/b.ts': "import './a.ts'" },
        [],
      ],
    ],
  ],
  [
    'relative imports name a source file',
    paths,
    [
      [
        { 'src/run/a.ts': "import './b.js'\nimport './c.ts'", 'src/run/c.ts': '' },
        ["src/run/a.ts:1: there is no source file './b.js'"],
      ],
    ],
  ],
  [
    'packages stay in their place',
    packages,
    [
      [
        {
          'src/run/a.ts': "import { Command } from 'commander'",
          'src/cli/a.ts': "import { Command } from 'commander'\nimport 'ink'",
        },
        [
          "src/run/a.ts:1: 'commander' is imported in src/cli/ only",
          "src/cli/a.ts:2: 'ink' is imported in src/cli/ui/ only",
        ],
      ],
      [
        {
          'src/load/a.ts': "import autocannon from 'autocannon'",
          'src/run/a.ts': "import { spawn } from 'node:child_process'",
        },
        [
          "src/load/a.ts:1: 'autocannon' is imported in src/worlds/real/ only",
          "src/run/a.ts:1: 'node:child_process' is imported in src/worlds/real/ only",
        ],
      ],
      [
        { 'mocks/a.ts': "import { setTimeout } from 'node:timers/promises'" },
        ["mocks/a.ts:1: 'node:timers/promises' is imported in src/worlds/real/ or src/cli/ only"],
      ],
    ],
  ],
]
