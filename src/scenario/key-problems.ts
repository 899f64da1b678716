// Sentences about keys and kinds that a schema does not know: the nearest that it does, or what k6 calls it.
import type { z } from 'zod'
import { nearest, suggestion } from '../base/suggest.ts'
import { given } from './cure.ts'
import { K6_EXECUTORS } from './schema.ts'
import { definition, keysAt, literals, schemaAt, valueAt } from './schema-walk.ts'
import type { Path } from './source.ts'

export interface Problem {
  readonly path: Path
  readonly message: string
  /** Whether the place is the key itself; else it is what stands there. */
  readonly on?: 'key'
}

export interface Found extends Problem {
  readonly is: 'unknown key' | 'missing' | 'bound' | 'format' | 'rule' | 'other'
  /** The key that an unknown one stands for, which is therefore not missing. */
  readonly meant?: string | undefined
}

/** What is checked, and against what. */
export interface Root {
  readonly schema: z.ZodType
  readonly value: unknown
}

/** Keys of k6 and of habit, by their names here. */
const ALIASES: Readonly<Record<string, string>> = {
  executor: 'kind',
  type: 'kind',
  duration: 'for',
  vus: 'users',
  target: 'to',
  startRate: 'from',
  startTime: 'at',
}

export function unknownKey(key: string, { schema, value }: Root, owner: Path): Found {
  const tag = key === 'dist' ? unknownTag(schemaAt(schema, value, owner), value, owner) : undefined
  if (tag !== undefined) return tag
  const known = keysAt(schema, value, owner)
  const free = known.filter((k) => valueAt(value, [...owner, k]) === undefined)
  const at = { path: [...owner, key], on: 'key', is: 'unknown key' } as const
  const alias = ALIASES[key]
  if (alias !== undefined && free.includes(alias))
    return { ...at, meant: alias, message: `unknown key '${key}'; it is called '${alias}' here` }
  const meant = nearest(key, free)
  const hint = suggestion(key, meant === undefined ? known : free)
  return { ...at, meant, message: `unknown key '${key}'${hint}` }
}

/** A `dist` that no branch of a union has. */
export function unknownTag(
  union: z.ZodType | undefined,
  value: unknown,
  owner: Path,
): Found | undefined {
  const path = [...owner, 'dist']
  const dist = valueAt(value, path)
  const known = [...new Set(definition(union).options?.flatMap((o) => literals(o, 'dist')))]
  if (known.length === 0 || dist === undefined || known.includes(String(dist))) return undefined
  const hint = suggestion(String(dist), known)
  return { path, is: 'other', message: `unknown distribution ${given(dist)}${hint}` }
}

export function unknownKind({ schema, value }: Root, path: Path): Found {
  const owner = path.slice(0, -1)
  const union = definition(schemaAt(schema, value, owner))
  const known = (union.options ?? []).flatMap((option) => literals(option, 'kind'))
  const kind = valueAt(value, path)
  if (kind === undefined || kind === null) return missingKind(valueAt(value, owner), known, owner)
  const meant = K6_EXECUTORS[String(kind)]
  const isOfK6 = meant !== undefined && known.includes(meant)
  const hint = isOfK6 ? `; k6's ${kind} is '${meant}' here` : suggestion(String(kind), known)
  return { path, is: 'other', message: `unknown kind ${given(kind)}${hint}` }
}

function missingKind(owner: unknown, known: readonly string[], path: Path): Found {
  const list = known.join(', ')
  const key = Object.keys(owner ?? {}).find((k) => ALIASES[k] === 'kind')
  if (key === undefined) return { path, is: 'missing', message: `has no \`kind\`; known: ${list}` }
  const written = String(valueAt(owner, [key]))
  const meant = K6_EXECUTORS[written] ?? nearest(written, known)
  const cure = meant !== undefined && known.includes(meant) ? `write kind: ${meant}` : list
  const message = `unknown key '${key}'; it is called 'kind' here: ${cure}`
  return { path: [...path, key], on: 'key', is: 'unknown key', message }
}
