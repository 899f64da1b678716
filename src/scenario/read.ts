// Reads a scenario whole: every variant, whole and brief, is merged and checked before anything runs.
import { basename, extname, resolve as resolvePath } from 'node:path'
import { BadInputError } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { check } from './check.ts'
import { given } from './cure.ts'
import { DataFiles } from './data-file.ts'
import { readSource, type SourceFile } from './file.ts'
import { type Context, Findings } from './findings.ts'
import { asRaw, layersOf, Merged, type Raw } from './merge.ts'
import { type Outline, outlineOf } from './outline.ts'
import { type Own, OwnModules } from './own-kinds.ts'
import { type Problem, problemsOf } from './problems.ts'
import { OWN, pipelineOf, type Resolved, schemaWith } from './schema.ts'
import type { Path } from './source.ts'
import { warningsOf } from './warnings.ts'

export interface Scenario {
  readonly file: string
  readonly name: string
  readonly incident: string | undefined
  readonly symptoms: readonly string[]
  readonly variants: readonly string[]
  readonly hasBrief: boolean
  resolve(variant: string, brief: boolean): Resolved
  /** What is right and yet likely to prove nothing: a line each, with its place. */
  warnings(): readonly string[]
}

/** What a scenario without variants calls its only one. */
export const ONLY_VARIANT = 'default'

/** What is going to be run of a scenario. */
export interface Wanted {
  readonly variants: readonly string[]
  readonly brief: boolean
}

/**
 * Throws BadInputError with one line for each thing that is wrong. Of a scenario of which only a part is `wanted`
 * the rest is checked in outline only, and cannot be resolved; where that part is wrong, all that is wrong is told.
 */
export async function readScenario(file: string, wanted?: Wanted): Promise<Scenario> {
  return scenarioOf(await readSource(file), file, wanted)
}

/** The same of what has been read; `file` is what its runs are known by. */
export async function scenarioOf(
  source: SourceFile,
  file: string,
  wanted?: Wanted,
): Promise<Scenario> {
  const outline = outlineOf(mappingOf(source))
  const resolved =
    (wanted && (await resolveWanted(source, outline, wanted))) ??
    (await resolveAll(source, outline))
  const all = [...resolved.values()]
  const called = (found?: Resolved) => found?.name ?? basename(file, extname(file))
  const [first] = all.map(({ scenario }) => scenario)
  const variants = outline.variants.length === 0 ? [ONLY_VARIANT] : outline.variants
  return {
    file,
    name: called(first),
    incident: first?.incident,
    symptoms: first?.symptoms ?? [],
    variants,
    hasBrief: outline.hasBrief,
    resolve(variant, brief) {
      const found = resolved.get(keyOf(variant, brief))?.scenario
      if (found !== undefined) return { ...found, name: called(found) }
      if (variants.includes(variant))
        throw new BadInputError(`${file}: has no \`brief\`: nothing to run with --brief`)
      throw new BadInputError(`${file}: no variant '${variant}'${suggestion(variant, variants)}`)
    },
    warnings() {
      const found = new Findings()
      for (const { context, scenario, originOf } of all)
        found.add(
          'sense',
          context,
          warningsOf(scenario).map((p) => ({ ...p, path: originOf(p.path) })),
        )
      return found.lines(source, 'warning: ')
    },
  }
}

/** One way to run it. */
interface Merging {
  readonly scenario: Resolved
  readonly context: Context
  /** Where a path of it stands in the file. */
  originOf(path: Path): Path
}

function keyOf(variant: string, brief: boolean): string {
  return `${brief ? 'brief' : 'whole'} ${variant}`
}

function mappingOf(source: SourceFile): Raw {
  const mapping = asRaw(source.data)
  if (mapping !== undefined) return mapping
  throw new BadInputError(
    `${source.locate([]).where}: a scenario is a mapping with pipeline and load; this file holds ${given(source.data)}`,
  )
}

/** Undefined unless the outline, and all that is wanted, is right. */
async function resolveWanted(
  source: SourceFile,
  outline: Outline,
  { variants, brief }: Wanted,
): Promise<ReadonlyMap<string, Merging> | undefined> {
  const contexts = contextsOf(outline).filter(
    (c) => c.brief === brief && variants.includes(c.variant ?? ONLY_VARIANT),
  )
  if (contexts.length === 0 || outline.problems.length > 0) return undefined
  const findings = new Findings()
  const resolved = await resolve(source, outline.raw, contexts, findings)
  return findings.isEmpty ? resolved : undefined
}

async function resolveAll(
  source: SourceFile,
  outline: Outline,
): Promise<ReadonlyMap<string, Merging>> {
  const findings = new Findings()
  findings.say(outline.problems)
  const resolved = await resolve(source, outline.raw, contextsOf(outline), findings)
  findings.refuse(source)
  return resolved
}

function contextsOf({ variants, hasBrief }: Outline): Context[] {
  const each = variants.length === 0 ? [undefined] : variants
  return each.flatMap((variant) =>
    (hasBrief ? [false, true] : [false]).map((brief) => ({ variant, brief })),
  )
}

async function resolve(
  source: SourceFile,
  raw: Raw,
  contexts: readonly Context[],
  findings: Findings,
): Promise<Map<string, Merging>> {
  const files = new DataFiles(source.folder)
  const modules = new OwnModules(source.folder)
  const resolved = new Map<string, Merging>()
  for (const context of contexts) {
    const { variant, brief } = context
    const merged = new Merged(layersOf(raw, variant, brief))
    const originOf = (path: Path) => merged.originOf(path)
    const inFile = (problems: readonly Problem[]) =>
      problems.map((p) => ({ ...p, path: originOf(p.path) }))
    const own = await modules.of(merged.raw)
    const data = await files.inline(merged.raw)
    const problems = [...own.problems, ...data.problems]
    const schema = schemaWith(own.kinds)
    const parsed = schema.safeParse(data.raw)
    const shape = parsed.success
      ? problems
      : [...problems, ...problemsOf(parsed.error.issues, schema, data.raw)]
    findings.add('shape', context, inFile(shape))
    if (!parsed.success || problems.length > 0) continue
    const scenario = placed(withOwn(parsed.data, own), source.folder)
    findings.add('sense', context, inFile(await check(scenario)))
    resolved.set(keyOf(variant ?? ONLY_VARIANT, brief), {
      scenario,
      context,
      originOf,
    })
  }
  return resolved
}

function withOwn(scenario: Resolved, { kinds, files }: Own): Resolved {
  return Object.keys(files).length === 0 ? scenario : { ...scenario, [OWN]: kinds, modules: files }
}

function placed(scenario: Resolved, folder: string): Resolved {
  const { place } = pipelineOf(scenario)
  if (place === undefined) return scenario
  return { ...scenario, pipeline: place(scenario.pipeline, resolvePath(folder)) as never }
}
