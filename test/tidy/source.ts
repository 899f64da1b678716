// The sources that the house rules look at, parsed: their imports, their syntax tree, their text.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseAst } from 'vitest/node'

export const FOLDERS = ['src', 'mocks', 'scenarios', 'test', 'bench', 'scripts'] as const

/** A node of the syntax tree, in ESTree's words with TypeScript's added. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

export interface Import {
  /** As written. */
  readonly specifier: string
  /** The path of the file meant, or undefined for a package. */
  readonly path: string | undefined
  readonly typeOnly: boolean
  /** `import()`: loaded when it is needed, so it closes no cycle of loading. */
  readonly lazy: boolean
  readonly line: number
}

export interface Source {
  readonly path: string
  readonly text: string
  readonly body: readonly Node[]
  readonly imports: readonly Import[]
  lineOf(node: Node): number
}

/** One complaint for each break of the rule: `path:line: what is wrong`. */
export type Rule = (sources: readonly Source[]) => string[]

/** Path → text, and what the rule says of it. */
export type Sample = readonly [Readonly<Record<string, string>>, readonly string[]]
/** A rule by its name, with samples that show that it can fail, and that it does not fail for nothing. */
export type Checked = readonly [name: string, rule: Rule, samples: readonly Sample[]]

export function sourceOf(path: string, text: string): Source {
  const { body } = parseAst(text, { lang: path.endsWith('x') ? 'tsx' : 'ts' }) as unknown as {
    readonly body: readonly Node[]
  }
  const lineOf = (node: Node) => text.slice(0, node.start).split('\n').length
  const source = { path, text, body, lineOf }
  return { ...source, imports: importsOf(source) }
}

export function everySource(root: string): Source[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.[mc]?tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length).replace(/^\/+/, ''))
      .sort()
      .map((path) => sourceOf(path, readFileSync(join(root, path), 'utf8'))),
  )
}

/** Visits a node and all below it, each with the nodes above it, the nearest last. */
export function walk(
  node: Node,
  visit: (node: Node, above: readonly Node[]) => void,
  above: readonly Node[] = [],
): void {
  visit(node, above)
  const inside = [...above, node]
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) walk(child, visit, inside)
}

export function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  )
}

export function everyNode(
  { body }: Pick<Source, 'body'>,
  visit: (node: Node, above: readonly Node[]) => void,
): void {
  for (const node of body) walk(node, visit)
}

/** The name of an identifier, a property's key or a member, where it is plain. */
export function nameOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined
  if (node.type === 'Identifier') return String(node.name)
  return node.type === 'MemberExpression' && node.computed === false
    ? nameOf(node.property)
    : undefined
}

export function textOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Literal' && typeof node.value === 'string'
    ? node.value
    : undefined
}

function importsOf(source: Omit<Source, 'imports'>): Import[] {
  const imports: Import[] = []
  const add = (node: Node, from: unknown, typeOnly: boolean, lazy: boolean) => {
    const specifier = textOf(from)
    if (specifier === undefined) return
    const path = specifier.startsWith('.') ? join(dirname(source.path), specifier) : undefined
    imports.push({ specifier, path, typeOnly, lazy, line: source.lineOf(node) })
  }
  everyNode(source, (node) => {
    if (node.type === 'ImportDeclaration')
      add(node, node.source, isTypeOnly(node, 'importKind'), false)
    if (node.type === 'ExportNamedDeclaration')
      add(node, node.source, isTypeOnly(node, 'exportKind'), false)
    if (node.type === 'ExportAllDeclaration')
      add(node, node.source, node.exportKind === 'type', false)
    if (node.type === 'ImportExpression') add(node, node.source, false, true)
    if (node.type === 'TSImportType') add(node, node.source ?? node.argument, true, true)
  })
  return imports
}

function isTypeOnly(node: Node, kind: 'importKind' | 'exportKind'): boolean {
  const specifiers = (node.specifiers ?? []) as readonly Node[]
  return (
    node[kind] === 'type' || (specifiers.length > 0 && specifiers.every((s) => s[kind] === 'type'))
  )
}
