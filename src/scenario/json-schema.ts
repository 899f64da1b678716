// The JSON Schema of a scenario file, for editors: made from the schema that the loader checks with.
import { z } from 'zod'
import {
  distribution,
  duration,
  glob,
  positiveDuration,
  rate,
  share,
  signedDuration,
} from '../base/fields.ts'
import { DURATION_PATTERN, UNSIGNED_PATTERN } from '../base/units.ts'
import { VARIANT_NAME } from './outline.ts'
import { OWN_KIND } from './own-kinds.ts'
import {
  fault,
  faults,
  foreign,
  IN_BRIEF,
  load,
  loads,
  pipeline,
  pipelines,
  REPLACED,
  resolvedSchema,
} from './schema.ts'

type Json = { readonly [key: string]: unknown }

/** Schemas that stand in `$defs` under a name of their own. */
const NAMED = {
  duration,
  positiveDuration,
  signedDuration,
  rate,
  share,
  glob,
  distribution,
  pipeline,
  load,
  fault,
} satisfies Record<string, z.ZodType>

export function scenarioJsonSchema(): Json {
  const { $schema, properties, required, additionalProperties } = jsonOf(resolvedSchema)
  const settings = Object.fromEntries(IN_BRIEF.map((key) => [key, (properties as Json)[key]]))
  const defs = Object.fromEntries(
    Object.entries(NAMED).map(([name, schema]) => [name, definitionOf(name, schema)]),
  )
  const parts = Object.fromEntries(
    Object.entries(settings).map(([key, setting]) => [key, partOf(setting as Json, key, defs)]),
  )
  return {
    $schema,
    title: 'An Aftershock scenario',
    description: 'One production incident: a pipeline, its load, the faults, and what must hold',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...(properties as Json),
      brief: {
        $ref: '#/$defs/brief',
        description: 'The same incident in small: at most 7 minutes, 5 items/s, 200 keys',
      },
      variants: {
        description:
          'What is tried against the incident, each by a name of its own; merged over the scenario',
        type: 'object',
        minProperties: 1,
        propertyNames: { pattern: VARIANT_NAME.source },
        additionalProperties: { $ref: '#/$defs/variant' },
      },
    },
    required,
    additionalProperties,
    $defs: {
      ...defs,
      brief: { type: 'object', properties: parts, additionalProperties: false },
      variant: {
        type: 'object',
        properties: {
          ...Object.fromEntries(
            IN_BRIEF.map((key) => [key, { $ref: `#/$defs/brief/properties/${key}` }]),
          ),
          brief: { $ref: '#/$defs/brief', description: 'What this variant changes in the brief' },
        },
        additionalProperties: false,
      },
    },
  }
}

/** Named schemas become references, but for the one that is asked for. */
function jsonOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    io: 'input',
    override({ zodSchema, jsonSchema }) {
      const it: unknown = zodSchema
      const name = Object.entries(NAMED).find(([, named]) => named === it)?.[0]
      if (name === undefined || it === schema) return
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
      jsonSchema.$ref = `#/$defs/${name}`
    },
  }) as Json
}

function definitionOf(name: string, schema: z.ZodType): Json {
  const { $schema: _, ...json } = jsonOf(schema)
  if (Array.isArray(json.oneOf)) {
    const more = name === 'pipeline' ? [withoutSchema(jsonOf(foreign))] : []
    return { oneOf: [...[...json.oneOf, ...more].map(explained), ownKind(name)] }
  }
  // A refinement is code; of these the pattern can say what the code does.
  return name === 'signedDuration' ? json : (unsigned(json) as Json)
}

function withoutSchema({ $schema: _, ...json }: Json): Json {
  return json
}

/** Each kind says what it is, where an editor offers it. */
function explained(json: Json): Json {
  const { const: kind } = (json.properties as Json).kind as Json
  const known = [...faults, ...loads].find((one) => one.kind === kind)
  return {
    description: known?.help ?? pipelines.find((one) => one.kind === kind)?.describe,
    ...json,
  }
}

/** What a module of the user's own takes, only its own schema knows. */
function ownKind(name: string): Json {
  return {
    description: `a ${name} of your own: the path of its module, relative to this file`,
    type: 'object',
    properties: { kind: { type: 'string', pattern: OWN_KIND.source } },
    required: ['kind'],
  }
}

function unsigned(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(unsigned)
  if (typeof json !== 'object' || json === null) return json
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [
      key,
      value === DURATION_PATTERN ? UNSIGNED_PATTERN : unsigned(value),
    ]),
  )
}

/** What a brief or a variant may say of a setting: any part of a mapping, since it is merged; the whole of a list. */
function partOf(json: Json, key: string, defs: Json): Json {
  if ((REPLACED as readonly string[]).includes(key)) return without(json, 'default')
  const name = /^#\/\$defs\/(pipeline|load)$/.exec(String(json.$ref))?.[1]
  if (name !== undefined) return partOf(defs[name] as Json, name, defs)
  const { oneOf, anyOf, properties, additionalProperties: others } = json
  const parts = (all: unknown) => (all as readonly Json[]).map((one) => partOf(one, '', defs))
  const { required: _, default: __, oneOf: ___, ...rest } = json
  if (oneOf !== undefined) return { ...rest, anyOf: parts(oneOf) }
  if (anyOf !== undefined) return { ...rest, anyOf: parts(anyOf) }
  // Each entry of a map is merged with the one of the same name.
  if (typeof others === 'object')
    return { ...rest, additionalProperties: partOf(others as Json, '', defs) }
  if (properties === undefined) return rest
  const inner = Object.entries(properties as Record<string, Json>).map(([name, property]) => [
    name,
    partOf(property, name, defs),
  ])
  return { ...rest, properties: Object.fromEntries(inner) }
}

function without(json: Json, key: string): Json {
  return Object.fromEntries(Object.entries(json).filter(([name]) => name !== key))
}
