// What was written in place of what is wanted, in words, and what to write instead where that is plain.
import type { z } from 'zod'
import { nearest } from '../base/suggest.ts'
import { asRaw } from './merge.ts'
import { definition, literals, RATE, TIME, wanted } from './schema-walk.ts'

const LONGEST = 60

/** A value as the writer sees it. */
export function given(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value === '' ? 'an empty text' : quoted(value)
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value !== 'object') return String(value)
  return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping'
}

/** `needs true or false, not 'yes'; write true` */
export function mismatch(schema: z.ZodType | undefined, value: unknown): string {
  const wish = wanted(schema)
  const units =
    typeof value === 'number' && value > 0 && Number.isFinite(value) ? UNITS[wish] : undefined
  if (units !== undefined)
    return `${value} has no unit; write ${units.map((unit) => `${value}${unit}`).join(' or ')}`
  const instead = cure(schema, wish, value)
  return `needs ${wish}, not ${given(value)}${instead === undefined ? '' : `; ${instead}`}`
}

/** What a bare number lacks. */
const UNITS: Readonly<Record<string, readonly string[]>> = {
  [TIME]: ['s', 'ms'],
  [RATE]: ['/s', '/m'],
}

function cure(schema: z.ZodType | undefined, wish: string, value: unknown): string | undefined {
  switch (wish) {
    case 'text':
      return typeof value === 'number' || typeof value === 'boolean'
        ? `write '${value}', in quotes`
        : undefined
    case 'true or false':
      return truth(value)
    case 'a list':
      if (value === null) return 'leave it out'
      if (typeof value === 'string' && value !== '') return `write [${quoted(value)}]`
      return asRaw(value) !== undefined &&
        wanted(definition(schema).element).startsWith('a mapping')
        ? 'write [{…}]'
        : undefined
    case 'a number':
    case 'a whole number':
      return figure(value, wish === 'a whole number')
    default:
      return mapping(schema, value)
  }
}

function truth(value: unknown): string | undefined {
  const word = String(value).toLowerCase()
  if (['true', 'yes', 'on', '1'].includes(word)) return 'write true'
  return ['false', 'no', 'off', '0'].includes(word) ? 'write false' : undefined
}

function figure(value: unknown, whole: boolean): string | undefined {
  if (typeof value !== 'string' || value.trim() === '') return undefined
  const percent = /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(value)?.[1]
  if (percent !== undefined && !whole) return `write ${Number(percent) / 100}`
  return Number.isFinite(Number(value)) ? `write ${Number(value)}, without quotes` : undefined
}

/** `pipeline: inference` means `pipeline: {kind: inference}`. */
function mapping(schema: z.ZodType | undefined, value: unknown): string | undefined {
  const kinds = (definition(schema).options ?? []).flatMap((option) => literals(option, 'kind'))
  const kind = typeof value === 'string' ? nearest(value, kinds) : undefined
  return kind === undefined ? undefined : `write {kind: ${kind}}`
}

function quoted(text: string): string {
  return `'${text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text}'`
}
