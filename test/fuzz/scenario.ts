// Draws whole scenarios: any pipeline, load, faults and assertions that the schema knows, with variants and briefs.
import fc from 'fast-check'
import { readDuration } from '../../src/base/units.ts'
import { type PipelineDefinition, partNamesOf, routesOf } from '../../src/pipelines/pipeline.ts'
import { asRaw, layersOf, Merged, type Raw } from '../../src/scenario/merge.ts'
import {
  faultOf,
  IN_BRIEF,
  loadOf,
  load as loadSchema,
  pipelineOf,
  pipeline as pipelineSchema,
  type Resolved,
  resolvedSchema,
} from '../../src/scenario/schema.ts'
import { ABSENT, type Surroundings, written } from './draft.ts'
import { drawn, maybe } from './from-schema.ts'
import { SENSE } from './sense.ts'

/** A scenario with parts that are written later. */
interface Sketch {
  readonly base: Raw
  readonly brief: unknown
  readonly variants: unknown
}

export interface Drawn {
  readonly raw: Raw
  /** Data files beside it, by name. */
  readonly files: Readonly<Record<string, string>>
}

/** How often a key is there that most scenarios have. */
const SHARE: Readonly<Record<string, number>> = { faults: 0.9, thresholds: 0.8, settle: 0.5 }

/** Scenarios of the bundled pipelines, or of one that is not. */
export function scenariosOf(own?: PipelineDefinition): fc.Arbitrary<Drawn> {
  const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = Object.fromEntries(
    Object.entries(resolvedSchema.shape).map(([key, schema]) => [
      key,
      drawn(key === 'pipeline' && own !== undefined ? own.options : schema, key, SENSE),
    ]),
  )
  const whole = fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => {
        const isNeeded = ['pipeline', 'load'].includes(key)
        return [key, isNeeded ? value : maybe(value, SHARE[key])]
      }),
    ),
  )
  return sketchesOf(whole, partOf(fields)).map((sketch) => writeWhole(sketch, own))
}

function partOf(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Raw> {
  const settings = fc.record(
    Object.fromEntries(
      IN_BRIEF.map((key) => [key, maybe(fields[key] as fc.Arbitrary<unknown>, 1 / 6)]),
    ),
  )
  // What is merged over its own kind need not say it.
  return fc
    .tuple(settings, fc.boolean())
    .map(([said, saysKind]) => (saysKind ? said : withoutKinds(said)))
}

function withoutKinds(settings: Raw): Raw {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => {
      const { kind: _, ...rest } = asRaw(value) ?? {}
      return [key, key === 'pipeline' && value !== ABSENT ? rest : value]
    }),
  )
}

function sketchesOf(whole: fc.Arbitrary<Raw>, part: fc.Arbitrary<Raw>): fc.Arbitrary<Sketch> {
  return fc.record({
    base: whole,
    brief: maybe(part, 1 / 8),
    variants: maybe(
      fc.dictionary(
        fc.constantFrom('baseline', 'fix', '方案', 'v.2_a-b'),
        fc.tuple(part, maybe(part, 1 / 8)).map(([settings, brief]) => ({ ...settings, brief })),
        { minKeys: 1, maxKeys: 2 },
      ),
      1 / 5,
    ),
  })
}

function writeWhole({ base, brief, variants }: Sketch, own?: PipelineDefinition): Drawn {
  const files: Record<string, string> = {}
  const addFile = (content: string) => {
    const name = `data-${Object.keys(files).length + 1}.csv`
    files[name] = content
    return name
  }
  let raw = writeLayer(base, {}, addFile, own)
  const over = (layer: Raw, name?: string, isBrief = false) => {
    const under = new Merged(layersOf(raw, name, isBrief)).raw
    return writeLayer(layer, under, addFile, own)
  }
  const ownBrief = asRaw(brief)
  if (ownBrief !== undefined) raw = { ...raw, brief: over(ownBrief, undefined, true) }
  for (const [name, variant] of Object.entries(asRaw(variants) ?? {})) {
    const { brief: inner, ...settings } = asRaw(variant) ?? {}
    const plain = over(settings, name)
    const known = { ...asRaw(raw.variants), [name]: plain }
    raw = { ...raw, variants: known }
    const small = asRaw(inner)
    if (small !== undefined)
      raw = {
        ...raw,
        variants: { ...known, [name]: { ...plain, brief: over(small, name, true) } },
      }
  }
  return { raw, files }
}

/** What others refer to comes first. */
const ORDER = ['pipeline', 'load', 'warmup', 'faults', 'windows', 'thresholds', 'fingerprint']

function writeLayer(
  layer: Raw,
  under: Raw,
  addFile: Surroundings['addFile'],
  own?: PipelineDefinition,
): Raw {
  const all = Object.keys(layer).filter((key) => layer[key] !== ABSENT)
  const keys = [
    ...ORDER.filter((key) => all.includes(key)),
    ...all.filter((k) => !ORDER.includes(k)),
  ]
  let raw: Raw = {}
  for (const key of keys) {
    const value = written(layer[key], surroundingsOf({ ...under, ...raw }, addFile, own))
    raw = { ...raw, [key]: key === 'faults' ? (value as readonly Raw[]).map(inTime) : value }
    if (key === 'load') raw = { ...raw, load: enterable({ ...under, ...raw }, own) }
  }
  return raw
}

/** A load that asks by HTTP takes a pipeline whose items enter so. */
function enterable(raw: Raw, own?: PipelineDefinition): unknown {
  const load = asRaw(raw.load)
  const parsed = loadSchema.safeParse(load)
  if (!parsed.success || loadOf({ load: parsed.data } as Resolved).asksByHttp !== true) return load
  const { pipeline, options } = pipelineIn(raw, own)
  if (pipeline.entryRoute?.(options) !== undefined) return load
  return { kind: 'closed', users: load?.connections, for: load?.for }
}

/** What comes again must be over by then. */
function inTime(fault: Raw): Raw {
  const { every, for: lasts } = fault
  if (every === undefined) return fault
  const read = (text: unknown) => {
    const ms = readDuration(String(text))
    return 'ok' in ms ? ms.ok : 0
  }
  if (lasts !== undefined) return { ...fault, every: `${Math.max(read(every), read(lasts) + 1)}ms` }
  const { instant, addsUp } = faultOf({}, { kind: String(fault.kind) })
  const mayOverlap = instant === true || (addsUp !== undefined && 'jump' in fault)
  return mayOverlap ? fault : { ...fault, for: `${Math.max(1, read(every) / 2)}ms` }
}

/** With the options that it has so far. */
function pipelineIn(raw: Raw, own?: PipelineDefinition) {
  const schema = (own?.options ?? pipelineSchema) as typeof pipelineSchema
  const parsed = schema.safeParse(raw.pipeline)
  const options = parsed.success ? parsed.data : schema.parse({ kind: own?.kind ?? 'inference' })
  return { pipeline: own ?? pipelineOf({ pipeline: options } as Resolved), options }
}

function surroundingsOf(
  raw: Raw,
  addFile: Surroundings['addFile'],
  own?: PipelineDefinition,
): Surroundings {
  const { pipeline: definition, options } = pipelineIn(raw, own)
  const warmup = readDuration(String(raw.warmup ?? '0s'))
  const faults = Array.isArray(raw.faults) ? (raw.faults as readonly Raw[]) : []
  return {
    pipeline: definition,
    warmupMs: 'ok' in warmup ? warmup.ok : 0,
    endMs: lengthOf(raw.load),
    hosts: [
      ...definition.hosts(options).map(({ name }) => name),
      ...partNamesOf(definition, options),
    ],
    routes: routesOf(definition, options),
    keys: [...firstOf(definition.keys(options), 10)],
    faultNames: faults.flatMap(({ name }) => (typeof name === 'string' ? [name] : [])),
    windows: Object.keys(asRaw(raw.windows) ?? {}),
    thresholds: Object.keys(asRaw(raw.thresholds) ?? {}),
    fingerprint: Object.keys(asRaw(raw.fingerprint) ?? {}),
    addFile,
  }
}

/** Where only its file says how long a load is: long enough for faults to meet some of it. */
const RECORDED_MS = 5_000

function lengthOf(load: unknown): number {
  const parsed = loadSchema.safeParse(load)
  return parsed.success
    ? loadOf({ load: parsed.data } as Resolved).durationMs(parsed.data)
    : RECORDED_MS
}

function* firstOf<T>(all: Iterable<T>, count: number): Iterable<T> {
  let n = 0
  for (const one of all) {
    if (n++ >= count) return
    yield one
  }
}
