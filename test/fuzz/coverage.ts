// Which options a schema has, and which of them a document says: what the one has and no drawn document ever says is not fuzzed.
import type { z } from 'zod'
import { distribution, duration } from '../../src/base/fields.ts'
import { definition, literals, unwrapped } from '../../src/scenario/schema-walk.ts'

/** The same wherever it stands: each of its forms once is enough. */
const SHARED: ReadonlyMap<z.ZodType, string> = new Map([
  [unwrapped(distribution), 'distribution'],
  [unwrapped(duration), 'duration'],
])

/** Every key, kind, word of a list of words, and form that a schema takes: `faults.latency.on=reply`. */
export function optionsOf(schema: z.ZodType, path = ''): string[] {
  const found = new Set<string>()
  const visit = (one: z.ZodType, at: string): void => {
    const inner = unwrapped(one)
    const shared = SHARED.get(inner)
    if (shared !== undefined && at !== shared) {
      if (!found.has(shared)) visit(inner, shared)
      return
    }
    found.add(at)
    const { options, shape, element, valueType } = definition(inner)
    for (const word of wordsOf(inner)) found.add(`${at}=${word}`)
    for (const [key, field] of Object.entries(shape ?? {})) visit(field, below(at, key))
    options?.forEach((option, i) => {
      visit(option, `${at}${formOf(option, i)}`)
    })
    if (element !== undefined) visit(element, `${at}[]`)
    if (valueType !== undefined) visit(valueType, `${at}.*`)
  }
  visit(schema, path)
  return [...found]
}

/** Those of `optionsOf` that a document says. */
export function saidBy(schema: z.ZodType, document: unknown, path = ''): string[] {
  const found = new Set<string>()
  const visit = (one: z.ZodType, value: unknown, at: string): void => {
    const inner = unwrapped(one)
    const shared = SHARED.get(inner)
    if (shared !== undefined && at !== shared) {
      visit(inner, value, shared)
      return
    }
    found.add(at)
    const { options, shape, element, valueType } = definition(inner)
    for (const word of wordsOf(inner)) if (word === String(value)) found.add(`${at}=${word}`)
    options?.forEach((option, i) => {
      if (means(option, value)) visit(option, value, `${at}${formOf(option, i)}`)
    })
    if (Array.isArray(value) && element !== undefined)
      for (const item of value) visit(element, item, `${at}[]`)
    if (typeof value !== 'object' || value === null) return
    for (const [key, inside] of Object.entries(value)) {
      const field = shape !== undefined && Object.hasOwn(shape, key) ? shape[key] : undefined
      if (field !== undefined) visit(field, inside, below(at, key))
      else if (valueType !== undefined) visit(valueType, inside, `${at}.*`)
    }
  }
  visit(schema, document, path)
  return [...found]
}

const below = (at: string, key: string) => (at === '' ? key : `${at}.${key}`)

/** A branch of a union, by its kind or by its number. */
function formOf(option: z.ZodType, i: number): string {
  const [kind] = literals(option, 'kind')
  return kind === undefined ? `|${i}` : `.${kind}`
}

/** A mapping means the branch that knows all its keys and its tags: what is read from a file is not there yet. */
function means(option: z.ZodType, value: unknown): boolean {
  const { shape } = definition(option)
  if (shape === undefined || typeof value !== 'object' || value === null)
    return option.safeParse(value).success
  return Object.entries(value).every(([key, inner]) => {
    if (!Object.hasOwn(shape, key)) return false
    const words = wordsOf(shape[key])
    return words.length === 0 || words.includes(String(inner))
  })
}

function wordsOf(schema: z.ZodType | undefined): string[] {
  const { type, entries, values } = definition(schema)
  if (type === 'boolean') return ['true', 'false']
  return [...Object.values(entries ?? {}), ...(values ?? [])].map(String)
}
