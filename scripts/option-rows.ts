// The options of a kind as rows of the reference: each by its path, with its default and what it is.
import { z } from 'zod'

interface Schema {
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
  readonly const?: unknown
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
}

export interface OptionRow {
  /** `call.timeout`, `processes.<name>.command` */
  readonly path: string
  readonly isRequired: boolean
  /** Empty where there is none. */
  readonly default: string
  readonly help: string
}

/** What every duration says of itself tells a reader of a table nothing. */
const SAID_OF_ALL = /^A (duration|distribution|rate|name)\b/

/** Those of nested objects stand below theirs. */
export function optionRows(schema: z.ZodType): OptionRow[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema
  return rowsOf(json, '').filter(({ path }) => path !== 'kind')
}

function rowsOf({ properties = {}, required = [] }: Schema, prefix: string): OptionRow[] {
  return Object.entries(properties).flatMap(([name, option]) => {
    const { description = '', default: usual, enum: choices = [] } = option
    const words = SAID_OF_ALL.test(description) ? '' : description
    const isTold = choices.every((choice) => words.includes(choice))
    const row = {
      path: `${prefix}${name}`,
      isRequired: required.includes(name),
      default: sayDefault(usual),
      help: [words, isTold ? '' : choices.join(', ')].filter((part) => part !== '').join(': '),
    }
    const below = rowsOf(option, `${prefix}${name}.`)
    const { additionalProperties: each } = option
    const named = typeof each === 'object' ? rowsOf(each, `${prefix}${name}.<name>.`) : []
    const { items = {} } = option
    const listed = rowsOf(items, `${prefix}${name}[].`)
    const ofShapes = [...shapeRows(option, row.path), ...shapeRows(items, `${row.path}[]`)]
    return [row, ...below, ...named, ...listed, ...ofShapes]
  })
}

/** Of several shapes that one word tells apart; what an earlier one has as well is not said again. */
function shapeRows({ anyOf, oneOf }: Schema, path: string): OptionRow[] {
  const shapes = anyOf ?? oneOf ?? []
  const by = ['kind', 'on'].find((word) =>
    shapes.every(({ properties }) => typeof properties?.[word]?.const === 'string'),
  )
  if (shapes.length === 0 || by === undefined) return []
  const said = new Set<string>()
  return shapes.flatMap((shape) => {
    const { [by]: word, ...properties } = shape.properties ?? {}
    const rows = rowsOf({ ...shape, properties }, '').filter((row) => {
      const text = JSON.stringify(row)
      return !said.has(text) && said.add(text) !== undefined
    })
    const head = `${path} {${by}: ${String(word?.const)}}`
    const own = { path: head, isRequired: false, default: '', help: shape.description ?? '' }
    return [own, ...rows.map((row) => ({ ...row, path: `${head} ${row.path}` }))]
  })
}

/** As it would be written in YAML. */
function sayDefault(value: unknown): string {
  if (value === undefined || value === null || JSON.stringify(value) === '{}') return ''
  if (Array.isArray(value)) return value.length === 0 ? '' : `[${value.map(sayDefault).join(', ')}]`
  if (typeof value !== 'object') return String(value)
  const parts = Object.entries(value).map(([key, one]) => `${key}: ${sayDefault(one)}`)
  return `{ ${parts.join(', ')} }`
}
