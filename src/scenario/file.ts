// Reads a scenario file, of any of its formats, into plain data and a way to say where each part of it stands.
import { readFile, stat } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BadInputError, messageOf } from '../base/errors.ts'
import { inlineFiles } from './data-file.ts'
import { asRaw, type Raw } from './merge.ts'

export interface SourceFile {
  /** As the user named it. */
  readonly name: string
  readonly raw: Raw
  /** `file:line:col` of a path for YAML and JSON, `file, at a.b.c` for TypeScript. */
  place(path: readonly PropertyKey[]): string
}

const FORMATS = ['.ts', '.mts', '.js', '.mjs', '.yaml', '.yml', '.json']

/** Throws BadInputError for anything that is not a scenario at all. */
export async function readSource(name: string): Promise<SourceFile> {
  const file = resolve(name)
  const extension = extname(file)
  const known = await stat(file).catch(() => undefined)
  if (known === undefined) throw new BadInputError(`${name}: no such file`, 'See `aftershock list` for the bundled scenarios.')
  if (!known.isFile() || !FORMATS.includes(extension))
    throw new BadInputError(`${name}: not a scenario file; it must end in ${FORMATS.join(' ')}`)
  const source = extension.includes('s') && extension !== '.json' ? await fromModule(name, file) : await fromText(name, file)
  return { ...source, raw: await inlineFiles(source.raw, dirname(file), source.place) }
}

async function fromModule(name: string, file: string): Promise<SourceFile> {
  const { stamp } = await import('./module-hooks.ts')
  let exported: unknown
  try {
    const loaded = (await import(stamp(pathToFileURL(file).href))) as { default?: unknown }
    exported = loaded.default
  } catch (error) {
    throw new BadInputError(`${name}: ${whyNotLoaded(error)}`, undefined, error)
  }
  const raw = asRaw(exported)
  if (raw === undefined) throw new BadInputError(`${name}: no default export; write export default defineScenario({ … })`)
  const place = (path: readonly PropertyKey[]) => (path.length === 0 ? name : `${name}: ${dotted(path)}`)
  return { name, raw: plain(raw, name, [], new Set()) as Raw, place }
}

async function fromText(name: string, file: string): Promise<SourceFile> {
  const { LineCounter, parseDocument } = await import('yaml')
  const lines = new LineCounter()
  const text = await readFile(file, 'utf8')
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return `${name}:${line}:${col}`
  }
  const [wrong] = document.errors
  if (wrong !== undefined) throw new BadInputError(`${at(wrong.pos[0])}: ${wrong.message}`)
  let data: unknown
  try {
    data = document.toJS({ maxAliasCount: 100 })
  } catch (error) {
    throw new BadInputError(`${name}: ${messageOf(error)}`, 'Write out what the alias stands for.', error)
  }
  const raw = asRaw(data)
  if (raw === undefined) throw new BadInputError(`${at(0)}: a scenario is a mapping with pipeline and load; this file holds ${data === null ? 'nothing' : 'something else'}`)
  const place = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length >= 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as { range?: [number, number, number] | null } | undefined
      if (node?.range) return `${at(node.range[0])}: ${path.length === 0 ? '' : `${dotted(path)}: `}`.replace(/: $/, '')
    }
    return `${name}: ${dotted(path)}`
  }
  return { name, raw: plain(raw, name, [], new Set()) as Raw, place }
}

/** Data only: no cycles, functions, dates or class instances, which neither JSON nor a seed could reproduce. */
function plain(value: unknown, name: string, path: readonly PropertyKey[], above: ReadonlySet<unknown>): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    throw new BadInputError(`${name}: ${dotted(path)}: a ${typeof value} is not data`)
  if (typeof value !== 'object' || value === null) return value
  if (above.has(value)) throw new BadInputError(`${name}: ${dotted(path)}: contains itself (a cycle)`)
  const inside = new Set([...above, value])
  if (Array.isArray(value)) return value.map((item, i) => plain(item, name, [...path, i], inside))
  const entries = Object.entries(value).filter(([, v]) => v !== undefined)
  return Object.fromEntries(entries.map(([key, v]) => [key, plain(v, name, [...path, key], inside)]))
}

function whyNotLoaded(error: unknown): string {
  const message = messageOf(error).split('\n')[0] ?? ''
  const code = (error as { code?: string } | undefined)?.code
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return `${message}; types are stripped, not compiled: no enum, namespace or parameter property`
  if (code === 'ERR_MODULE_NOT_FOUND') return `${message}; relative imports need their extension: './part.ts'`
  return error instanceof SyntaxError ? `not valid TypeScript: ${message}` : `threw while loading: ${message}`
}

export function dotted(path: readonly PropertyKey[]): string {
  return path.map(String).join('.')
}
