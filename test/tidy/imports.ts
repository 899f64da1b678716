// House rules about who may import whom.
import { type Import, nameOf, type Rule, type Source, textOf } from './source.ts'

/** Lower layers first; a layer imports from those below it, and from itself. Siblings stand in the same layer. */
const LAYERS: readonly (readonly string[])[] = [
  ['src/base/'],
  // Ports large enough for a file of their own.
  [
    'src/worlds/hands.ts',
    'src/worlds/job-queue.ts',
    'src/worlds/rows.ts',
    'src/worlds/foreign.ts',
    'src/worlds/foreign-templates.ts',
    'src/worlds/shared-redis.ts',
  ],
  ['src/worlds/world.ts'],
  // What a world does with rules is the same in both.
  [
    'src/worlds/rules.ts',
    'src/worlds/process-hands.ts',
    'src/worlds/slowdowns.ts',
    'src/worlds/split-reply.ts',
    'src/worlds/saturation.ts',
    'src/worlds/error-code.ts',
    'src/worlds/call-key.ts',
    'src/worlds/ticker.ts',
  ],
  // A store answers alike in both, and the worlds, being siblings, cannot have it from each other.
  ['src/worlds/store/'],
  ['src/metrics/'],
  ['src/worlds/virtual/', 'src/worlds/real/', 'mocks/', 'src/faults/', 'src/load/', 'src/verdict/'],
  ['src/pipelines/'],
  ['src/scenario/'],
  ['src/run/'],
  ['src/reporters/', 'src/search/'],
  ['src/cli/'],
  ['src/index.ts'],
]
const FAMILIES = ['faults', 'load', 'pipelines', 'reporters'].map((name) => `src/${name}/`)
/** What users have: they import the program by its name, and nothing else of it. */
const SCENARIOS = 'scenarios/'

interface Place {
  readonly layer: number
  readonly group: string
}

function placeOf(path: string): Place | undefined {
  for (const [layer, groups] of LAYERS.entries()) {
    const group = groups.find((prefix) => path.startsWith(prefix))
    if (group !== undefined) return { layer, group }
  }
  return undefined
}

const relative = ({ imports }: Source): (Import & { path: string })[] =>
  imports.flatMap((found) => (found.path === undefined ? [] : [{ ...found, path: found.path }]))

/** `base ← worlds/world.ts ← metrics ← {worlds/*, mocks, faults, load, verdict} ← pipelines ← scenario ← run ← …` */
export const layering: Rule = (sources) =>
  sources.flatMap((source) => {
    const from = placeOf(source.path)
    return relative(source).flatMap(({ path, line }) => {
      if (source.path.startsWith(SCENARIOS) && !path.startsWith(SCENARIOS))
        return [`${source.path}:${line}: a scenario imports 'aftershock', not ${path}`]
      if (from === undefined) return []
      const to = placeOf(path)
      if (to === undefined)
        return [`${source.path}:${line}: imports ${path}, which stands in no layer`]
      if (to.group === from.group || to.layer < from.layer) return []
      return [`${source.path}:${line}: ${from.group} must not import ${to.group} (${path})`]
    })
  })

/** In a family only `index.ts` names the members; a member that is a folder keeps what is in it to itself. */
export const families: Rule = (sources) =>
  FAMILIES.flatMap((family) => {
    const index = sources.find(({ path }) => path === `${family}index.ts`)
    const members = new Set(index === undefined ? [] : relative(index).map(({ path }) => path))
    const folders = [...members]
      .filter((m) => m.endsWith('/index.ts'))
      .map((m) => m.slice(0, -'index.ts'.length))
    return sources
      .filter(({ path }) => !path.startsWith('test/') && path !== index?.path)
      .flatMap((source) =>
        relative(source).flatMap(({ path, line }) => {
          const inside = folders.find((folder) => path.startsWith(folder))
          const foreign = inside !== undefined && !source.path.startsWith(inside)
          return members.has(path) || foreign
            ? [`${source.path}:${line}: only ${family}index.ts may import ${path}`]
            : []
        }),
      )
  })

/** A kind is its file's name, `.` as `-`: one grep finds all of it. */
export const kinds: Rule = (sources) =>
  sources
    .filter(({ path }) => [...FAMILIES, 'mocks/'].some((family) => path.startsWith(family)))
    .flatMap((source) =>
      source.body.flatMap((statement) => {
        const kind = kindOf(statement)
        const name = source.path.replace(/\/index\.ts$/, '').replace(/^.*\/|\.ts$/g, '')
        if (kind === undefined || kind.replaceAll('.', '-') === name) return []
        return [
          `${source.path}:${source.lineOf(statement)}: holds the kind '${kind}', but is called ${name}`,
        ]
      }),
    )

/** Of `export const x = defineX({ kind })` and `export const x = { kind } as const`. */
function kindOf(statement: Source['body'][number]): string | undefined {
  const { declarations } = (statement.declaration ?? {}) as {
    declarations?: readonly Source['body'][number][]
  }
  let value = declarations?.[0]?.init as Source['body'][number] | undefined
  if (statement.type !== 'ExportNamedDeclaration' || value === undefined) return undefined
  if (value.type === 'TSAsExpression') value = value.expression as typeof value
  if (value.type === 'CallExpression') value = (value.arguments as (typeof value)[])[0]
  const properties =
    value?.type === 'ObjectExpression'
      ? (value.properties as readonly Source['body'][number][])
      : []
  return textOf(properties.find((property) => nameOf(property.key) === 'kind')?.value)
}

/** What loads what must be a tree. Types load nothing, and `import()` loads later. */
export const cycles: Rule = (sources) => {
  const next = new Map(
    sources.map((source) => [
      source.path,
      relative(source)
        .filter((i) => !i.typeOnly && !i.lazy)
        .map((i) => i.path),
    ]),
  )
  const found: string[] = []
  const done = new Set<string>()
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path)
    if (at >= 0)
      found.push(`${path}:1: a cycle of imports: ${[...trail.slice(at), path].join(' → ')}`)
    if (at >= 0 || done.has(path)) return
    for (const to of next.get(path) ?? []) visit(to, [...trail, path])
    done.add(path)
  }
  for (const { path } of sources) visit(path, [])
  return found
}

/** Relative imports name a TypeScript file that is there. */
export const paths: Rule = (sources) => {
  const known = new Set(sources.map(({ path }) => path))
  return sources
    .filter(({ path }) => !path.startsWith('scripts/') && !path.startsWith('bench/'))
    .flatMap((source) =>
      relative(source)
        .filter(({ path }) => !known.has(path))
        .map(
          ({ specifier, line }) => `${source.path}:${line}: there is no source file '${specifier}'`,
        ),
    )
}

/** Packages that belong in one place only. */
const HOMES: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^commander(\/|$)/, ['src/cli/']],
  [/^(ink|react|ink-.*|@inkjs\/.*)(\/|$)/, ['src/cli/ui/']],
  [
    /^(minio|ioredis|redis|pg|dockerode|testcontainers|@testcontainers\/.*|bullmq|autocannon|undici|(node:)?child_process|(node:)?(net|tls|http|https|http2|dgram))(\/|$)/,
    ['src/worlds/real/'],
  ],
  [/^(node:)?(perf_hooks|timers(\/promises)?)$/, ['src/worlds/real/', 'src/cli/']],
]

export const packages: Rule = (sources) =>
  sources
    .filter(({ path }) => /^(src|mocks|scenarios)\//.test(path))
    .flatMap((source) =>
      source.imports.flatMap(({ specifier, line }) => {
        const [, homes] = HOMES.find(([pattern]) => pattern.test(specifier)) ?? []
        if (homes === undefined || homes.some((home) => source.path.startsWith(home))) return []
        return [`${source.path}:${line}: '${specifier}' is imported in ${homes.join(' or ')} only`]
      }),
    )
