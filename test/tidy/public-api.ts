// The house rule of the open door: bundled kinds are made of nothing that the public API does not give to everybody.
import type { Checked, Node, Rule, Source } from './source.ts'
import { nameOf } from './source.ts'

const API = 'src/index.ts'
const KINDS = /^(src\/(pipelines|faults|load)\/|mocks\/)/
const OPEN = /^src\/(base|worlds)\//

/** Names that a bundled kind takes from the library below it, and that `src/index.ts` does not export. */
export const publicApi: Rule = (sources) => {
  const open = new Set(
    sources.filter(({ path }) => path === API).flatMap((api) => namesIn(api, 'ExportSpecifier')),
  )
  return sources
    .filter(({ path }) => KINDS.test(path))
    .flatMap((source) =>
      source.body.flatMap((statement) => {
        const from = source.imports.find(({ line }) => line === source.lineOf(statement))
        if (statement.type !== 'ImportDeclaration' || !OPEN.test(from?.path ?? '')) return []
        return namesOfStatement(statement, 'ImportSpecifier')
          .filter((name) => !open.has(name))
          .map((name) => `${source.path}:${from?.line}: ${API} does not export '${name}'`)
      }),
    )
}

function namesIn(source: Source, type: string): string[] {
  return source.body.flatMap((statement) => namesOfStatement(statement, type))
}

function namesOfStatement({ specifiers }: Node, type: string): string[] {
  return ((specifiers ?? []) as readonly Node[])
    .filter((one) => one.type === type)
    .flatMap((one) => nameOf(type === 'ImportSpecifier' ? one.imported : one.exported) ?? [])
}

export const API_RULES: readonly Checked[] = [
  [
    'bundled kinds use what everybody may use',
    publicApi,
    [
      [
        {
          'src/index.ts': "export { open } from './base/open.ts'",
          'src/pipelines/one/index.ts':
            "import { open, type Hidden } from '../../base/open.ts'\nimport './part.ts'",
          'mocks/two.ts': "import { secret } from '../src/worlds/world.ts'",
          'src/verdict/three.ts': "import { secret } from '../base/open.ts'",
        },
        [
          "src/pipelines/one/index.ts:1: src/index.ts does not export 'Hidden'",
          "mocks/two.ts:1: src/index.ts does not export 'secret'",
        ],
      ],
    ],
  ],
]
