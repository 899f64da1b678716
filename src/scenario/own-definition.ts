// What a definition from a user's module must have: types are stripped there, not checked.
import type { z } from 'zod'

interface Member {
  readonly name: string
  readonly is: 'function' | 'string' | 'object' | 'array'
  readonly why: string
}

const describe: Member = { name: 'describe', is: 'function', why: '(options) => a line about it' }

const NEEDED: Readonly<Record<string, readonly Member[]>> = {
  pipelines: [
    { name: 'routes', is: 'object', why: 'its HTTP calls by name' },
    { name: 'entry', is: 'string', why: 'the host whose intake takes the items' },
    { name: 'hosts', is: 'function', why: '(options) => every process, each {name, main}' },
    { name: 'itemOf', is: 'function', why: '(key) => the index of the item, or -1' },
    { name: 'keys', is: 'function', why: '(options) => keys that it could hold' },
    { name: 'outcomes', is: 'array', why: 'the rules that decide fates' },
  ],
  loads: [
    describe,
    { name: 'durationMs', is: 'function', why: '(options) => when the last item may be due' },
    { name: 'expected', is: 'function', why: '(options) => how many items, or NaN' },
    { name: 'start', is: 'function', why: '(options, driver) => offers the items' },
  ],
  faults: [describe],
}

/** Undefined where nothing is missing. */
export function whyNoDefinition(family: string, exported: object): string | undefined {
  const has = exported as Readonly<Record<string, unknown>>
  for (const { name, is, why } of NEEDED[family] ?? [])
    if (!isOf(is, has[name]))
      return `it has no \`${name}\`, ${is === 'array' ? 'a list' : `${is === 'object' ? 'an' : 'a'} ${is}`}: ${why}`
  if (family === 'faults' && !isOf('function', has.rule) && !isOf('function', has.hold))
    return 'it has neither `rule` nor `hold`, a function that says what it does'
  if (!isObjectSchema(has.options))
    return "its `options` are no zod object; write z.strictObject({ … }), with z from 'aftershock'"
  return undefined
}

/** Fields that every member of a family takes, and that a definition need not repeat. */
export function sharedFields(
  shared: Readonly<Record<string, z.ZodType>>,
  options: z.ZodObject,
): Record<string, z.ZodType> {
  return Object.fromEntries(Object.entries(shared).filter(([name]) => !(name in options.shape)))
}

function isOf(type: Member['is'], value: unknown): boolean {
  if (type === 'array') return Array.isArray(value)
  return typeof value === type && value !== null
}

function isObjectSchema(options: unknown): options is z.ZodObject {
  const { _zod, safeExtend } = (options ?? {}) as { _zod?: unknown; safeExtend?: unknown }
  return _zod !== undefined && typeof safeExtend === 'function'
}
