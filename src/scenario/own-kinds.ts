// Kinds that a scenario defines itself: pipelines, load models and faults whose `kind` is the path of a module.
import { existsSync, statSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { z } from 'zod'
import { BadInputError } from '../base/errors.ts'
import { type FaultDefinition, timing } from '../faults/fault.ts'
import type { LoadDefinition } from '../load/load.ts'
import { definePipeline, type PipelineDefinition } from '../pipelines/pipeline.ts'
import { asRaw, type Raw } from './merge.ts'
import { sharedFields, whyNoDefinition } from './own-definition.ts'
import type { Problem } from './problems.ts'
import { OWN, type OwnKinds, type Resolved } from './schema.ts'
import type { Path } from './source.ts'

type Family = keyof OwnKinds

/** What is found of one path; where it is no such thing, a stand-in that takes any options, and what is wrong. */
interface Found {
  readonly definition: unknown
  readonly problem?: string
}

export interface Own {
  readonly kinds: OwnKinds
  /** The file of each, by its path in the scenario. */
  readonly files: Readonly<Record<string, string>>
  readonly problems: readonly Problem[]
}

const MODULES = ['.ts', '.mts', '.js', '.mjs']

/** A word names a bundled kind; only a path looks like one. */
export const OWN_KIND = /^\.{0,2}\/|\.m?[jt]s$/

export function isOwnKind(kind: unknown): kind is string {
  return typeof kind === 'string' && OWN_KIND.test(kind)
}

export class OwnModules {
  readonly #folder: string
  readonly #found = new Map<string, Promise<Found>>()

  /** Paths are relative to the scenario's folder. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** All that a merged scenario names. */
  async of({ pipeline, load, faults }: Raw): Promise<Own> {
    const named: (readonly [Family, unknown, Path])[] = [
      ['pipelines', pipeline, ['pipeline']],
      ['loads', load, ['load']],
      ...(Array.isArray(faults) ? faults : []).map(
        (fault, i) => ['faults', fault, ['faults', i]] as const,
      ),
    ]
    const kinds: Record<Family, unknown[]> = { pipelines: [], loads: [], faults: [] }
    const files: Record<string, string> = {}
    const problems: Problem[] = []
    const seen = new Set<string>()
    for (const [family, part, path] of named) {
      const kind = asRaw(part)?.kind
      if (!isOwnKind(kind)) continue
      const { definition, problem } = await this.#load(family, kind)
      if (problem !== undefined) problems.push({ path: [...path, 'kind'], message: problem })
      // Of a kind that two faults share the schema knows one.
      if (!seen.has(`${family} ${kind}`)) kinds[family].push(definition)
      seen.add(`${family} ${kind}`)
      files[kind] = resolve(this.#folder, kind)
    }
    return { kinds: kinds as unknown as OwnKinds, files, problems }
  }

  #load(family: Family, kind: string): Promise<Found> {
    const key = `${family} ${kind}`
    const known = this.#found.get(key) ?? loadOne(family, kind, resolve(this.#folder, kind))
    this.#found.set(key, known)
    return known
  }
}

/** Loads again what was lost on the way to a thread. */
export async function withOwnKinds(scenario: Resolved): Promise<Resolved> {
  const { modules } = scenario
  if (modules === undefined) return scenario
  const load = async (family: Family, used: readonly string[]) => {
    const kinds = [...new Set(used)].filter((kind) => kind in modules)
    const found = await Promise.all(
      kinds.map((kind) => loadOne(family, kind, modules[kind] ?? kind)),
    )
    for (const { problem } of found) if (problem !== undefined) throw new BadInputError(problem)
    return found.map(({ definition }) => definition)
  }
  const own = {
    pipelines: await load('pipelines', [scenario.pipeline.kind]),
    loads: await load('loads', [scenario.load.kind]),
    faults: await load(
      'faults',
      scenario.faults.map(({ kind }) => kind),
    ),
  }
  return { ...scenario, [OWN]: own as unknown as OwnKinds }
}

const EXPECTED = {
  pipelines: { what: 'a pipeline', define: 'definePipeline' },
  loads: { what: 'a load model', define: 'defineLoad' },
  faults: { what: 'a fault', define: 'defineFault' },
} as const

async function loadOne(family: Family, kind: string, file: string): Promise<Found> {
  const standIn = { ...STAND_IN, kind, options: z.looseObject({ kind: z.literal(kind) }) }
  const refuse = (problem: string) => ({ definition: standIn, problem })
  if (!MODULES.includes(extname(kind)))
    return refuse(`'${kind}' is no module by its name; it must end in ${MODULES.join(' ')}`)
  if (!existsSync(file)) return refuse(`there is no file '${kind}' beside the scenario`)
  if (!statSync(file).isFile()) return refuse(`'${kind}' is not a regular file`)
  const expected = EXPECTED[family]
  try {
    const { exportOf } = await import('./module-file.ts')
    const exported = await exportOf(kind, file, expected)
    const problem = whyNoDefinition(family, exported)
    if (problem !== undefined)
      return refuse(`${kind} exports no ${expected.define}({ … }) as it should: ${problem}`)
    return { definition: asKind(family, kind, exported as never) }
  } catch (error) {
    if (error instanceof BadInputError) return refuse(error.message)
    throw error
  }
}

/** The same definition under its path; an option that it does not know is refused, as of any kind. */
function asKind(
  family: Family,
  kind: string,
  exported: PipelineDefinition | LoadDefinition | FaultDefinition,
): unknown {
  const own = exported.options as z.ZodObject
  const options = own
    .safeExtend({ ...sharedFields(family === 'faults' ? timing : {}, own), kind: z.literal(kind) })
    .strict()
  const definition = { ...exported, kind, options }
  return family === 'pipelines' ? definePipeline(definition as PipelineDefinition) : definition
}

/** Asked for nothing, since whatever names it is refused. */
const STAND_IN = { describe: () => '', help: '' }
