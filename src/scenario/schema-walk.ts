// Walks a zod schema along a value: what may stand at a path, and which branch of a union the writer meant.
import type { z } from 'zod'
import { distribution, duration, glob, positiveDuration, rate } from '../base/fields.ts'

interface Definition {
  readonly type: string
  readonly format?: string
  readonly innerType?: z.ZodType
  readonly in?: z.ZodType
  readonly element?: z.ZodType
  readonly valueType?: z.ZodType
  readonly options?: readonly z.ZodType[]
  readonly shape?: Readonly<Record<string, z.ZodType>>
  readonly values?: readonly unknown[]
  readonly entries?: Readonly<Record<string, string>>
}

function ownDefinition(schema: z.ZodType): Definition {
  return schema._zod.def as unknown as Definition
}

/** What is written down, under defaults, optionals and transforms. */
export function unwrapped(schema: z.ZodType): z.ZodType {
  const { innerType, in: written } = ownDefinition(schema)
  const inner = innerType ?? written
  return inner === undefined ? schema : unwrapped(inner)
}

export function definition(schema: z.ZodType | undefined): Partial<Definition> {
  return schema === undefined ? {} : ownDefinition(unwrapped(schema))
}

export const TIME = 'a duration such as 10s or 1h30m'
export const RATE = 'a rate such as 12/s or 90/m'

/** Fields with a name of their own, whatever they are made of. */
const NAMED: ReadonlyMap<z.ZodType, string> = new Map([
  [unwrapped(duration), TIME],
  [unwrapped(positiveDuration), TIME],
  [unwrapped(rate), RATE],
  [unwrapped(glob), 'a name or a glob such as service-*'],
  [unwrapped(distribution), 'a time such as 200ms, or {p50, p99}, {mean, p99} or {dist, …}'],
])

const IN_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

/** What a schema takes, in words. */
export function wanted(schema: z.ZodType | undefined): string {
  if (schema === undefined) return 'something else'
  const inner = unwrapped(schema)
  const named = NAMED.get(inner)
  if (named !== undefined) return named
  const { type, format, options, values, entries } = ownDefinition(inner)
  if (type === 'number') return format === undefined ? 'a number' : 'a whole number'
  if (type === 'union' && options?.every((o) => literals(o, 'kind').length > 0))
    return 'a mapping with a `kind`'
  if (type === 'union') return either([...new Set(options?.map(wanted))])
  if (type === 'literal' || type === 'enum')
    return either([...(values ?? Object.values(entries ?? {}))].map(quoted))
  return IN_WORDS[type] ?? type
}

/** `a, b or c` */
function either(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}

const quoted = (value: unknown) => (typeof value === 'string' ? `'${value}'` : String(value))

export function schemaAt(
  schema: z.ZodType,
  value: unknown,
  path: readonly PropertyKey[],
): z.ZodType | undefined {
  let current: z.ZodType | undefined = schema
  for (let i = 0; i < path.length; i++) {
    const { shape, element, valueType } = definition(
      branchFor(current, valueAt(value, path.slice(0, i))),
    )
    current = shape?.[String(path[i])] ?? element ?? valueType
  }
  return current
}

/** The keys that may stand in the object at a path. */
export function keysAt(schema: z.ZodType, value: unknown, path: readonly PropertyKey[]): string[] {
  const found = branchFor(schemaAt(schema, value, path), valueAt(value, path))
  return Object.keys(definition(found).shape ?? {})
}

/** Of a union the branch that the value means; of anything else, itself. */
function branchFor(schema: z.ZodType | undefined, value: unknown): z.ZodType | undefined {
  const { options } = definition(schema)
  if (options === undefined) return schema
  return options[branchMeant(options, value)]
}

/** The branch of a union that a value of this kind means; -1 where none takes anything like it. */
export function branchMeant(options: readonly z.ZodType[], value: unknown): number {
  const suits = suitsOf(value)
  const scores = options.map((option) => suits(definition(option)))
  const best = Math.max(...scores)
  return best > 0 ? scores.indexOf(best) : -1
}

function suitsOf(value: unknown): (option: Partial<Definition>) => number {
  if (typeof value === 'string')
    return ({ type }) => (type === 'string' ? 3 : type === 'enum' ? 2 : type === 'literal' ? 1 : 0)
  // A number where a time is wanted lacks its unit: that is said by the branch for text.
  if (typeof value === 'number')
    return ({ type }) => (type === 'number' ? 2 : type === 'string' ? 1 : 0)
  if (Array.isArray(value)) return ({ type }) => (type === 'array' ? 1 : 0)
  if (typeof value !== 'object' || value === null) return () => 0
  return ({ shape }) =>
    shape === undefined ? 0 : likeness(value as Record<string, unknown>, shape)
}

/** The tag decides; without one, the branch that shares most keys and lacks fewest. */
function likeness(
  value: Record<string, unknown>,
  shape: Readonly<Record<string, z.ZodType>>,
): number {
  const shared = Object.keys(value).filter((key) => key in shape).length
  const missing = Object.keys(shape).length - shared
  const named = ['kind', 'dist'].some((tag) => literalsOf(shape[tag]).includes(String(value[tag])))
  return 100 + shared * 2 - missing + (named ? 1_000 : 0)
}

/** The values that an object's tag may have. */
export function literals(option: z.ZodType, tag: string): string[] {
  return literalsOf(definition(option).shape?.[tag])
}

function literalsOf(schema: z.ZodType | undefined): string[] {
  const { type, values } = definition(schema)
  return type === 'literal' ? (values ?? []).map(String) : []
}

export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Record<PropertyKey, unknown>)[key]
        : undefined,
    value,
  )
}
