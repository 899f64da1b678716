// Turns what zod found into sentences: where, what is wrong, and the nearest valid word.
import type { z } from 'zod'
import { suggestion } from '../base/suggest.ts'
import { K6_EXECUTORS } from './schema.ts'

export interface Problem {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

type Issue = z.core.$ZodIssue

export function problemsOf(issues: readonly Issue[], schema: z.ZodType, value: unknown): Problem[] {
  return issues.flatMap((issue) => problemOf(issue, schema, value, []))
}

function problemOf(issue: Issue, schema: z.ZodType, value: unknown, above: readonly PropertyKey[]): Problem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, value, path)
    return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key '${key}'${suggestion(key, known)}` }))
  }
  if (issue.code === 'invalid_union') {
    const { discriminator } = issue as { discriminator?: string }
    if (discriminator !== undefined) return [unknownKind(schema, value, path)]
    return [...issue.errors]
      .filter((branch) => branch.length > 0)
      .sort((a, b) => closeness(b) - closeness(a))
      .slice(0, 1)
      .flatMap((branch) => branch.flatMap((inner) => problemOf(inner, schema, value, path)))
  }
  if (issue.code === 'invalid_value') {
    const given = at(value, path)
    const known = issue.values.map(String)
    const what = given === undefined ? 'missing' : `'${String(given)}' is not one of them`
    return [{ path, message: `${what}${suggestion(String(given), known)}` }]
  }
  if (issue.code === 'invalid_type' && at(value, path) === undefined)
    return [{ path, message: `missing: needs ${issue.expected}` }]
  return [{ path, message: issue.message.replace(/^Invalid input: /, '') }]
}

/** Of a union's branches the one meant is that whose trouble lies deepest, or is in our own words. */
function closeness(branch: readonly Issue[]): number {
  return Math.max(...branch.map((i) => i.path.length * 4 + (i.code === 'custom' ? 2 : i.code === 'unrecognized_keys' ? 1 : 0)))
}

function unknownKind(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): Problem {
  const owner = path.slice(0, -1)
  const union = schemaAt(schema, value, owner)
  const known = (definition(union).options ?? []).flatMap((o) => literal(o, 'kind'))
  const kind = at(value, path)
  if (kind === undefined) return { path: owner, message: `missing: kind; known: ${known.join(', ')}` }
  const meant = K6_EXECUTORS[String(kind)]
  if (meant !== undefined && known.includes(meant))
    return { path, message: `unknown kind '${String(kind)}'; k6's ${String(kind)} is '${meant}' here` }
  return { path, message: `unknown kind '${String(kind)}'${suggestion(String(kind), known)}` }
}

interface Definition {
  readonly innerType?: z.ZodType
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly in?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly values?: readonly unknown[]
}

function definition(schema: z.ZodType | undefined): Definition {
  let found = (schema?._zod.def ?? {}) as unknown as Definition
  // Defaults, optionals and transforms are wrappings.
  for (let inner = found.innerType ?? found.in; inner !== undefined; inner = found.innerType ?? found.in)
    found = inner._zod.def as unknown as Definition
  return found
}

function schemaAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema
  for (let i = 0; i < path.length; i++) {
    const def = definition(pick(current, at(value, path.slice(0, i))))
    current = def.shape?.[String(path[i])] ?? def.element ?? def.valueType
  }
  return current
}

/** The branch of a union that the value's `kind` or `dist` names, or the one that shares most keys. */
function pick(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  const { options } = definition(schema)
  if (options === undefined || typeof value !== 'object' || value === null) return schema
  const given = value as Record<string, unknown>
  const score = (option: z.ZodType) => {
    const { shape } = definition(option)
    if (shape === undefined) return -1
    const named = ['kind', 'dist'].some((tag) => literal(option, tag).includes(String(given[tag])))
    return Object.keys(given).filter((key) => key in shape).length + (named ? 1_000 : 0)
  }
  return [...options].sort((a, b) => score(b) - score(a))[0]
}

function literal(option: z.ZodType, tag: string): string[] {
  return (definition(definition(option).shape?.[tag]).values ?? []).map(String)
}

function keysAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  return Object.keys(definition(pick(schemaAt(schema, value, path), at(value, path))).shape ?? {})
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[key] : undefined),
    value,
  )
}
