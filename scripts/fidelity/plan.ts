// What is to be compared: scenarios and variants whose faults both worlds have, and what is refused, by name.
import { basename } from 'node:path'
import { everyScenario } from '../../dist/src/cli/bundled.js'
import { refuseImpossible } from '../../dist/src/run/real-refusals.js'
import { readScenario, type Scenario } from '../../dist/src/scenario/read.js'
import { loadOf } from '../../dist/src/scenario/schema.js'

export interface Job {
  readonly file: string
  readonly scenario: string
  readonly variants: readonly string[]
  /** Of the load of all variants, one seed, in the world's time. */
  readonly loadMs: number
}

export interface Refusal {
  readonly scenario: string
  readonly variant: string
  readonly why: string
}

export interface Plan {
  readonly jobs: readonly Job[]
  readonly refused: readonly Refusal[]
}

/** Named scenarios and variants only; without names all. `wanted` as `name` or `name.variant`, or a file. */
export async function planOf(wanted: readonly string[], speed: number): Promise<Plan> {
  const files = await everyScenario()
  const given = wanted.filter((name) => /\.(m?ts|ya?ml|json)$/.test(name))
  const jobs: Job[] = []
  const refused: Refusal[] = []
  for (const file of [...files, ...given]) {
    const scenario = await readScenario(file)
    const variants = scenario.variants.filter(
      (variant) => given.includes(file) || isWanted(scenario.name, variant, wanted),
    )
    const possible: string[] = []
    for (const variant of variants) {
      const why = impossible(scenario, variant, speed)
      if (why === undefined) possible.push(variant)
      else refused.push({ scenario: scenario.name, variant, why })
    }
    if (possible.length > 0) jobs.push(jobOf(scenario, possible))
  }
  const named = (name: string) =>
    [...jobs, ...refused].some((one) => name.split('.')[0] === one.scenario || name === fileOf(one))
  const unknown = wanted.filter((name) => !named(name))
  if (unknown.length > 0)
    throw new Error(
      `no scenario ${unknown.join(', ')}; there are ${files.map((f) => basename(f).split('.')[0]).join(', ')}`,
    )
  return { jobs, refused }
}

function fileOf(one: Job | Refusal): string {
  return 'file' in one ? one.file : ''
}

function isWanted(scenario: string, variant: string, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true
  return wanted.includes(scenario) || wanted.includes(`${scenario}.${variant}`)
}

function impossible(scenario: Scenario, variant: string, speed: number): string | undefined {
  try {
    refuseImpossible(scenario.file, scenario.resolve(variant, true), speed, process.env)
    return undefined
  } catch (error) {
    return (error as Error).message.replace(`${scenario.file}: `, '')
  }
}

function jobOf(scenario: Scenario, variants: readonly string[]): Job {
  const loadMs = variants.reduce((sum, variant) => {
    const resolved = scenario.resolve(variant, true)
    return sum + loadOf(resolved).durationMs(resolved.load)
  }, 0)
  return { file: scenario.file, scenario: scenario.name, variants, loadMs }
}
