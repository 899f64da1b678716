// Samples for the rules about names and text.
import type { Checked } from './source.ts'
import { fileNames, leftovers, lengths, opening, typing } from './words.ts'

export const WORD_RULES: readonly Checked[] = [
  [
    'files have names that say something',
    fileNames,
    [
      [
        {
          'src/run/util.ts': '',
          'src/run/time-helpers.ts': '',
          'src/types.ts': '',
          'src/common/a.ts': '',
          'src/run/myFile.ts': '',
          'src/run/manager.test.ts': '',
          'src/run/commander.ts': '',
        },
        [
          'src/run/util.ts:1: a name that says nothing',
          'src/run/time-helpers.ts:1: a name that says nothing',
          'src/types.ts:1: a name that says nothing',
          'src/common/a.ts:1: a name that says nothing',
          'src/run/myFile.ts:1: file names are kebab-case',
          'src/run/manager.test.ts:1: a name that says nothing',
        ],
      ],
    ],
  ],
  [
    'files open with a sentence',
    opening,
    [
      [
        {
          'src/a.ts': "import './b.ts'",
          'src/b.ts': '//\n',
          'src/c.ts': '// no capital, no end\nconst x = 1',
          'src/d.ts': '/** Not this way. */',
        },
        ['a', 'b', 'c', 'd'].map(
          (name) => `src/${name}.ts:1: opens without a sentence that says what it is for`,
        ),
      ],
      [
        {
          'src/a.ts': '// What this is for.\n',
          'src/b.ts': '#!/usr/bin/env node\n// The front door: it opens.\n',
          'src/c.ts': '// One sentence on\n// two lines.\n//\n// And more\n',
        },
        [],
      ],
    ],
  ],
  [
    'files are short',
    lengths,
    [
      [
        {
          'src/a.ts': '//\n'.repeat(301),
          'src/b.ts': '//\n'.repeat(300),
          'test/c.ts': '//\n'.repeat(999),
        },
        ['src/a.ts:301: longer than 300 lines: its second idea wants a file'],
      ],
    ],
  ],
  [
    'types are not switched off',
    typing,
    [
      [
        {
          'src/a.ts':
            'const a: any = b!.c\n// @ts' +
            '-ignore\nenum E { a }\nclass C { constructor(readonly d: number) {} }',
        },
        [
          "src/a.ts:1: 'any'",
          "src/a.ts:1: a '!' that asserts",
          'src/a.ts:3: an enum or a namespace',
          'src/a.ts:4: a parameter property',
          'src/a.ts:2: a comment that silences the compiler',
        ],
      ],
      [
        {
          'src/a.ts':
            '// biome-ignore lint/suspicious/noExplicitAny: the library says so\nconst a: any = !b\nclass C { d!: number }',
        },
        [],
      ],
    ],
  ],
  [
    'nothing is unfinished, and every test runs',
    leftovers,
    [
      [
        {
          'src/a.ts': `// ${'TO' + 'DO'}: later`,
          'test/a.test.ts': "test.only('x', f)\ndescribe.skip('y', f)\nlist.only()",
        },
        [`src/a.ts:1: ${'TO' + 'DO'}`, 'test/a.test.ts:1: .only', 'test/a.test.ts:2: .skip'],
      ],
    ],
  ],
]
