// Small runs of the generation pipeline for tests, through the public path.
import { BadInputError } from '../../../src/base/errors.ts'
import type { RunResult } from '../../../src/run/result.ts'
import { runOnce } from '../../../src/run/run.ts'
import { check } from '../../../src/scenario/check.ts'
import { resolvedSchema, type ScenarioInput } from '../../../src/scenario/schema.ts'

export type Written = Omit<ScenarioInput, 'pipeline'> & {
  readonly pipeline?: Omit<Extract<ScenarioInput['pipeline'], { kind: 'generation' }>, 'kind'>
}

/** Upstreams that are fast and bear all there is, and a front end that asks once, unless the test says otherwise. */
export async function runGeneration({ pipeline, ...rest }: Written, seed = 1): Promise<RunResult> {
  const fast = { time: '100ms', bears: 10_000, concurrency: 10_000 } as const
  const raw = {
    ...rest,
    pipeline: {
      kind: 'generation',
      ...pipeline,
      vision: { ...fast, ...pipeline?.vision },
      seedream: { ...fast, ...pipeline?.seedream },
      segmentation: { ...fast, ...pipeline?.segmentation },
      frontEnd: { ...fast, asksAgain: { times: 0 }, ...pipeline?.frontEnd },
    },
  }
  const parsed = resolvedSchema.safeParse(raw)
  if (!parsed.success) throw new BadInputError(parsed.error.message)
  const problems = await check(parsed.data)
  if (problems.length > 0) throw new BadInputError(JSON.stringify(problems))
  return runOnce({
    scenario: parsed.data,
    file: 'test.ts',
    variant: 'default',
    brief: false,
    seed,
    wallMs: () => 0,
  })
}

/** How many calls of a route there were, all or of one class. */
export function calls({ attempts }: RunResult, route: string, klass?: string): number {
  return attempts
    .filter((a) => a.route === route && (klass === undefined || a.class === klass))
    .reduce((sum, { count }) => sum + count, 0)
}
