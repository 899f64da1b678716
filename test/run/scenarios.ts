// Scenarios of a test's own, through the public path: merged, checked and run as a file would be.
import { BadInputError } from '../../src/base/errors.ts'
import type { RunResult } from '../../src/run/result.ts'
import { runOnce } from '../../src/run/run.ts'
import { check } from '../../src/scenario/check.ts'
import { type Resolved, resolvedSchema, type ScenarioInput } from '../../src/scenario/schema.ts'

export type Written = Omit<ScenarioInput, 'pipeline'> & {
  readonly pipeline?: Omit<ScenarioInput['pipeline'], 'kind'>
}

/** What a test writes, of an inference pipeline that is small unless it says otherwise. Throws what is wrong with it. */
export async function resolve({ pipeline, ...rest }: Written): Promise<Resolved> {
  const raw = { ...rest, pipeline: { kind: 'inference', services: 3, tasks: 1, ...pipeline } }
  const parsed = resolvedSchema.safeParse(raw)
  if (!parsed.success) throw new BadInputError(parsed.error.message)
  const problems = await check(parsed.data)
  if (problems.length === 0) return parsed.data
  throw new BadInputError(
    problems.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
  )
}

export async function runScenario(written: Written, seed = 1): Promise<RunResult> {
  return runResolved(await resolve(written), seed)
}

export function runResolved(scenario: Resolved, seed = 1): Promise<RunResult> {
  return runOnce({
    scenario,
    file: 'test.ts',
    variant: 'default',
    brief: false,
    seed,
    wallMs: () => 0,
  })
}
