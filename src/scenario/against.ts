// A scenario's load, faults and thresholds on the system that another file describes: how true the model is.
import { BadInputError } from '../base/errors.ts'
import { readSource, type SourceFile } from './file.ts'
import { asRaw, type Raw } from './merge.ts'
import { outlineOf } from './outline.ts'
import { type Scenario, scenarioOf } from './read.ts'
import type { Path } from './source.ts'

/** What a model says of any system: no fingerprint and no alert, which may ask for figures that only it has. */
const OF_ANY = [
  'about',
  'warmup',
  'settle',
  'pending',
  'start',
  'load',
  'faults',
  'windows',
  'thresholds',
  'holds',
]
const AT_TOP = ['name', 'incident', ...OF_ANY]

/**
 * Hosts and routes must have the same names in both. A variant of the model runs on the variant of that name, where
 * the other file has variants; else on the only system that there is. Throws BadInputError, as `readScenario` does.
 */
export async function readAgainst(
  model: string,
  real: string,
): Promise<{ readonly scenario: Scenario; readonly hasVariants: boolean }> {
  const [of, on] = await Promise.all([readSource(model), readSource(real)])
  const system = systemIn(on)
  return {
    scenario: await scenarioOf(joined(of, on, system), model),
    hasVariants: Object.keys(system.variants).length > 0,
  }
}

function joined(model: SourceFile, real: SourceFile, system: System): SourceFile {
  const { raw } = outlineOf(asRaw(model.data) ?? {})
  const own = asRaw(raw.variants) ?? {}
  const names = variantsOf(model, real, Object.keys(own), Object.keys(system.variants))
  const variants = names.map((name) => {
    const variant = asRaw(own[name]) ?? {}
    const settings = asRaw(system.variants[name]) ?? {}
    const brief = asRaw(variant.brief)
    return [
      name,
      {
        ...picked(variant, OF_ANY),
        ...expectedOf(variant),
        ...('pipeline' in settings ? { pipeline: settings.pipeline } : {}),
        ...(brief === undefined ? {} : { brief: picked(brief, OF_ANY) }),
      },
    ] as const
  })
  const brief = asRaw(raw.brief)
  const data = {
    ...picked(raw, AT_TOP),
    ...expectedOf(raw),
    pipeline: system.pipeline,
    ...(brief === undefined ? {} : { brief: picked(brief, OF_ANY) }),
    ...(variants.length === 0 ? {} : { variants: Object.fromEntries(variants) }),
  }
  return {
    name: model.name,
    folder: real.folder,
    data,
    locate: (path, on) => (isOfSystem(path) ? real : model).locate(path, on),
  }
}

interface System {
  readonly pipeline: unknown
  readonly variants: Raw
}

function systemIn(real: SourceFile): System {
  const { raw, problems } = outlineOf(asRaw(real.data) ?? {})
  const [problem] = problems
  if (problem !== undefined)
    throw new BadInputError(`${real.locate(problem.path, problem.on).where}: ${problem.message}`)
  if (asRaw(raw.pipeline) === undefined)
    throw new BadInputError(`${real.name}: describes no system: it has no \`pipeline\``)
  return { pipeline: raw.pipeline, variants: asRaw(raw.variants) ?? {} }
}

/** Without variants of its own a system is one. */
function variantsOf(
  model: SourceFile,
  real: SourceFile,
  inModel: readonly string[],
  inReal: readonly string[],
): readonly string[] {
  if (inReal.length === 0) return inModel
  const common = inModel.filter((name) => inReal.includes(name))
  if (common.length > 0) return common
  throw new BadInputError(`${real.name}: has no variant by a name that ${model.name} has, too`)
}

function picked(raw: Raw, keys: readonly string[]): Raw {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => keys.includes(key)))
}

/** What is expected of a fingerprint is left out with it. */
function expectedOf(raw: Raw): Raw {
  const expect = asRaw(raw.expect)
  return expect === undefined ? {} : { expect: picked(expect, ['breach', 'holds']) }
}

function isOfSystem([first, , third]: Path): boolean {
  return first === 'pipeline' || (first === 'variants' && third === 'pipeline')
}
