// What a command is to run: scenario files, read and checked before anything starts, and the variants asked for.
import { BadInputError } from '../base/errors.ts'
import { listed, suggestion } from '../base/suggest.ts'
import { readAgainst } from '../scenario/against.ts'
import type { Scenario } from '../scenario/read.ts'
import { bundled } from './bundled.ts'
import { usageError } from './complain.ts'
import type { Flags } from './flags.ts'
import { readScenarioFile } from './scenario-file.ts'

export interface Order {
  readonly scenario: Scenario
  /** The same on a system of the user's own: what the real world runs. */
  readonly against?: Scenario
  readonly variants: readonly string[]
}

/** Of no files, the bundled scenarios. */
export async function ordersOf(files: readonly string[], flags: Flags): Promise<Order[]> {
  const scenarios = await readAll(files.length === 0 ? await bundled() : files, flags)
  const orders = scenarios.map((scenario) => ({
    scenario,
    variants: variantsOf(scenario, flags, scenarios),
  }))
  for (const { scenario, variants } of orders)
    for (const v of variants) scenario.resolve(v, flags.brief)
  const { against } = flags
  return against === undefined
    ? orders
    : Promise.all(orders.map((order) => againstOf(order, against, flags)))
}

/** Of a system without variants, the first of the model's is meant, unless others are asked for. */
async function againstOf(order: Order, file: string, flags: Flags): Promise<Order> {
  const { scenario, variants } = order
  const { scenario: against, hasVariants } = await readAgainst(scenario.file, file)
  const common = variants.filter((name) => against.variants.includes(name))
  const wanted = hasVariants || flags.variant !== undefined ? common : common.slice(0, 1)
  for (const v of wanted) against.resolve(v, flags.brief)
  return { scenario, against, variants: wanted }
}

/** As the real world runs them. */
export function inRealWorld(orders: readonly Order[]): readonly Order[] {
  return orders.map(({ against, scenario, variants }) => ({
    scenario: against ?? scenario,
    variants,
  }))
}

/** Every file is read before any is run, and all that is wrong is said at once. */
async function readAll(
  files: readonly string[],
  { variant: variants, brief }: Flags,
): Promise<Scenario[]> {
  const wanted = variants === undefined ? undefined : { variants, brief }
  const scenarios: Scenario[] = []
  const wrong: string[] = []
  for (const file of files)
    try {
      scenarios.push(await readScenarioFile(file, wanted))
    } catch (error) {
      if (!(error instanceof BadInputError)) throw error
      wrong.push(error.message)
    }
  if (wrong.length > 0) throw new BadInputError(wrong.join('\n'))
  return scenarios
}

/** With several files, a variant has to be in one of them at least. */
function variantsOf(
  scenario: Scenario,
  { variant: wanted }: Flags,
  all: readonly Scenario[],
): readonly string[] {
  if (wanted === undefined) return scenario.variants
  const known = [...new Set(all.flatMap((s) => s.variants))]
  if (wanted.length === 0) throw usageError(`--variant: names none; known: ${listed(known)}`)
  const unknown = wanted.find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw usageError(`--variant: no variant '${unknown}'${suggestion(unknown, known)}`)
  return scenario.variants.filter((name) => wanted.includes(name))
}
