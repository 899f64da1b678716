// Draws what a schema takes, straight from the schema: an option that is added to it is drawn without a word here.
import fc from 'fast-check'
import type { z } from 'zod'
import { distribution, glob, positiveDuration, rate } from '../../src/base/fields.ts'
import { definition, literals, unwrapped } from '../../src/scenario/schema-walk.ts'
import { ABSENT } from './draft.ts'
import { distributions, durations, hosts, rates, words } from './values.ts'

/** What a place should hold where a draw by its type alone would nearly always be refused. */
export interface Meaning {
  readonly at: RegExp
  readonly is: fc.Arbitrary<unknown>
}

/** Of these keys exactly one may be there. */
export interface Choice {
  readonly at: RegExp
  readonly oneOf: readonly string[]
}

export interface Sense {
  readonly meanings: readonly Meaning[]
  readonly choices: readonly Choice[]
}

/** Fields that have a form of their own. */
const FORMS: ReadonlyMap<z.ZodType, fc.Arbitrary<unknown>> = new Map([
  [unwrapped(positiveDuration), durations],
  [unwrapped(rate), rates],
  [unwrapped(glob), hosts],
  [unwrapped(distribution), distributions],
])

/** `path` is `faults.latency.add` or `load.ramp.stages.to`: keys, and the kind where there are several. */
export function drawn(schema: z.ZodType, path: string, sense: Sense): fc.Arbitrary<unknown> {
  const meaning = sense.meanings.find(({ at }) => at.test(path))
  if (meaning !== undefined) return meaning.is
  const inner = unwrapped(schema)
  const form = FORMS.get(inner)
  if (form !== undefined) return form
  const { type, options = [], element, valueType, values = [], entries } = definition(inner)
  switch (type) {
    case 'object':
      return object(inner, path, sense)
    case 'union':
      return fc.oneof(...options.map((option) => branch(option, path, sense)))
    case 'array':
      return list(drawn(must(element), path, sense), inner)
    case 'record':
      return fc.dictionary(fc.constantFrom('a', 'b_1', 'C'), drawn(must(valueType), path, sense), {
        maxKeys: 2,
      })
    case 'enum':
      return fc.constantFrom(...Object.values(entries ?? {}))
    case 'literal':
      return fc.constantFrom(...values)
    case 'boolean':
      return fc.boolean()
    case 'number':
      return number(inner)
    case 'string':
      return words
    default:
      throw new Error(`${path}: nothing is known of a schema of the type ${type}`)
  }
}

function branch(option: z.ZodType, path: string, sense: Sense): fc.Arbitrary<unknown> {
  const [kind] = literals(option, 'kind')
  return drawn(option, kind === undefined ? path : `${path}.${kind}`, sense)
}

function object(schema: z.ZodType, path: string, sense: Sense): fc.Arbitrary<unknown> {
  const shape = definition(schema).shape ?? {}
  const { oneOf = [] } = sense.choices.find(({ at }) => at.test(path)) ?? {}
  const parts = Object.fromEntries(
    Object.entries(shape)
      .filter(([key]) => !oneOf.includes(key))
      .map(([key, field]) => {
        const value = drawn(field, `${path}.${key}`, sense)
        return [key, isOptional(field) ? maybe(value) : value]
      }),
  )
  const fields = fc.record(parts)
  if (oneOf.length === 0) return fields
  const chosen = oneOf.map((key) =>
    drawn(must(shape[key]), `${path}.${key}`, sense).map((value) => ({ [key]: value })),
  )
  return fc.tuple(fields, fc.oneof(...chosen)).map(([all, one]) => ({ ...all, ...one }))
}

/** There in this share of the draws, a third; a counterexample shrinks to one without it. */
export function maybe<T>(value: fc.Arbitrary<T>, share = 1 / 3): fc.Arbitrary<T | typeof ABSENT> {
  return fc
    .tuple(fc.nat(SHARES - 1), value)
    .map(([n, one]) => (n >= Math.round(SHARES * (1 - share)) ? one : ABSENT))
}

const SHARES = 24

function isOptional(field: z.ZodType): boolean {
  return field.safeParse(undefined).success
}

function list(item: fc.Arbitrary<unknown>, schema: z.ZodType): fc.Arbitrary<unknown> {
  const { low = 0 } = boundsOf(schema)
  return fc.array(item, { minLength: low, maxLength: Math.max(3, low) })
}

/** Small, and the bounds themselves now and then. */
function number(schema: z.ZodType): fc.Arbitrary<unknown> {
  const { low = 0, high = Number.MAX_SAFE_INTEGER, isOpen } = boundsOf(schema)
  if (definition(schema).format !== undefined)
    return fc.integer({ min: low, max: Math.min(high, low + 30) })
  const top = Math.min(high, low + 5)
  const between = fc.integer({ min: 1, max: 99 }).map((n) => low + ((top - low) * n) / 100)
  return fc.oneof(fc.constantFrom(isOpen ? top : low, top), between)
}

interface Bounds {
  readonly low?: number
  readonly high?: number
  /** The lower bound itself is out. */
  readonly isOpen: boolean
}

interface Check {
  readonly value?: number
  readonly minimum?: number
  readonly inclusive?: boolean
}

function boundsOf(schema: z.ZodType): Bounds {
  const { checks = [] } = schema._zod.def as { checks?: readonly { _zod: { def: Check } }[] }
  const { minValue, maxValue } = schema as { minValue?: number; maxValue?: number }
  const least = checks.map(({ _zod }) => _zod.def.minimum).find((n) => n !== undefined)
  const low = least ?? (Number.isFinite(minValue) ? minValue : undefined)
  const high = Number.isFinite(maxValue) ? maxValue : undefined
  const isOpen = checks.some(({ _zod: { def } }) => def.value === low && def.inclusive === false)
  return {
    ...(low === undefined || low === null ? {} : { low }),
    ...(high === undefined || high === null ? {} : { high }),
    isOpen,
  }
}

function must<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a schema has its parts')
  return value
}
