// Reads a scenario whole: every variant, whole and brief, is merged and checked before anything runs.
import { basename, extname } from 'node:path'
import { BadInputError } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { check } from './check.ts'
import { readSource, type SourceFile } from './file.ts'
import { asRaw, layersOf, mergeLayers, originOf, undoneByBrief } from './merge.ts'
import { type Problem, problemsOf } from './problems.ts'
import { IN_BRIEF, IN_VARIANT, type Resolved, resolvedSchema, TOP_LEVEL } from './schema.ts'

export interface Scenario {
  readonly file: string
  readonly name: string
  readonly incident: string | undefined
  readonly symptoms: readonly string[]
  readonly variants: readonly string[]
  readonly hasBrief: boolean
  resolve(variant: string, brief: boolean): Resolved
}

/** What a scenario without variants calls its only one. */
export const ONLY_VARIANT = 'default'

/** Throws BadInputError with one line for each thing that is wrong. */
export async function readScenario(file: string): Promise<Scenario> {
  const source = await readSource(file)
  const { raw } = source
  refuse(source, unknownKeys(raw))
  const variants = Object.keys(asRaw(raw.variants) ?? {})
  const hasBrief = raw.brief !== undefined || variants.some((v) => asRaw(asRaw(raw.variants)?.[v])?.brief !== undefined)
  refuse(source, variants.flatMap((v) => undoneByBrief(raw, v).map((key) => undone(v, key))))
  const all = new Map<string, Resolved>()
  for (const variant of variants.length === 0 ? [undefined] : variants)
    for (const brief of hasBrief ? [false, true] : [false])
      all.set(`${variant ?? ONLY_VARIANT} ${brief}`, await resolveVariant(source, variant, brief))
  const names = variants.length === 0 ? [ONLY_VARIANT] : variants
  const first = all.get(`${names[0]} false`)
  return {
    file,
    name: first?.name ?? basename(file, extname(file)),
    incident: first?.incident,
    symptoms: first?.symptoms ?? [],
    variants: names,
    hasBrief,
    resolve(variant, brief) {
      const found = all.get(`${variant} ${brief}`)
      if (found !== undefined) return { ...found, name: found.name ?? basename(file, extname(file)) }
      throw new BadInputError(
        names.includes(variant)
          ? `${file}: has no \`brief\`: nothing to run with --brief`
          : `${file}: no variant '${variant}'${suggestion(variant, names)}`,
      )
    },
  }
}

async function resolveVariant(source: SourceFile, variant: string | undefined, brief: boolean): Promise<Resolved> {
  const layers = layersOf(source.raw, variant, brief)
  const merged = mergeLayers(layers)
  const placed = (problems: readonly Problem[]) => problems.map((p) => ({ ...p, path: originOf(layers, p.path) }))
  const parsed = resolvedSchema.safeParse(merged)
  if (!parsed.success) {
    refuse(source, placed(problemsOf(parsed.error.issues, resolvedSchema, merged)))
    throw new BadInputError(`${source.name}: ${parsed.error.message}`)
  }
  refuse(source, placed(await check(parsed.data)))
  return parsed.data
}

function unknownKeys(raw: Record<string, unknown>): Problem[] {
  const among = (part: unknown, path: readonly string[], known: readonly string[]): Problem[] => {
    if (part === undefined) return []
    const found = asRaw(part)
    if (found === undefined) return [{ path, message: 'must be a mapping' }]
    return Object.keys(found)
      .filter((key) => !known.includes(key))
      .map((key) => ({ path: [...path, key], message: `unknown key '${key}'${suggestion(key, known)}` }))
  }
  const variants = asRaw(raw.variants) ?? {}
  return [
    ...among(raw, [], TOP_LEVEL),
    ...among(raw.brief, ['brief'], IN_BRIEF),
    ...(raw.variants !== undefined && asRaw(raw.variants) === undefined ? [{ path: ['variants'], message: 'must be a mapping of names' }] : []),
    ...Object.entries(variants).flatMap(([name, variant]) => [
      ...among(variant, ['variants', name], IN_VARIANT),
      ...among(asRaw(variant)?.brief, ['variants', name, 'brief'], IN_BRIEF),
    ]),
  ]
}

function undone(variant: string, key: string): Problem {
  return {
    path: ['variants', variant, key],
    message: `the base's brief sets ${key} too and would undo this: give variants.${variant}.brief.${key}`,
  }
}

/** Each problem once, in the order of the file. */
function refuse(source: SourceFile, problems: readonly Problem[]): void {
  if (problems.length === 0) return
  const lines = new Set(problems.map(({ path, message }) => `${source.place(path)}: ${message}`))
  throw new BadInputError([...lines].join('\n'))
}
