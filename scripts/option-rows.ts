// The options of a kind as rows of the reference: each by its path, with its default and what it is.
import { z } from 'zod'

interface Schema {
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly string[]
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
    return [row, ...below, ...named]
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
