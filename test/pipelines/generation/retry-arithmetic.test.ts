// Retries in closed form: calls that fail independently of each other, tries of a stage within runs of a task.
import { describe, expect, test } from 'vitest'
import { calls, runGeneration } from './small.ts'

const TASKS = 1_500
/** 4.4 standard errors: one of a hundred thousand right programs would be told wrong. */
const Z = 4.4

const cases = [0.1, 0.3, 0.6].flatMap((p) =>
  [1, 2, 3].flatMap((stage) => [1, 2, 3].map((task) => [p, stage, task] as const)),
)

describe.each(cases)('p %d, %d tries of the stage, %d runs of the task', (p, stage, task) => {
  // A run of the task fails when every try of the stage does.
  const runFails = p ** stage
  const taskFails = runFails ** task
  const perRun = (1 - p ** stage) / (1 - p)
  const perTask = (perRun * (1 - taskFails)) / (1 - runFails)

  test('tasks that fail, and calls for each, are as many as they must be', async () => {
    const run = await runGeneration({
      pipeline: {
        slots: 100,
        attempts: { task, textToImage: stage },
        seedream: { errors: p },
      },
      load: { kind: 'arrivals', rate: '50/s', for: `${TASKS / 50}s` },
    })
    expect(run.items.offered).toBe(TASKS)
    const failed = run.items.failed / TASKS
    expect(Math.abs(failed - taskFails)).toBeLessThan(
      Z * Math.sqrt((taskFails * (1 - taskFails)) / TASKS) + 1 / TASKS,
    )
    // The number of calls for a task lies between 1 and stage × task: its deviation is at most half of that.
    const mean = calls(run, 'generate') / TASKS
    expect(Math.abs(mean - perTask)).toBeLessThan(
      (Z * deviation(p, stage * task)) / Math.sqrt(TASKS) + 1e-9,
    )
    expect(
      run.upstreams?.routes.find(({ route }) => route === 'generate')?.amplification,
    ).toBeCloseTo(mean, 9)
  })
})

/** Of the number of calls until one succeeds, of at most `most`: tries and runs are one row of independent calls. */
function deviation(p: number, most: number): number {
  const chance = (n: number) => (n < most ? p ** (n - 1) * (1 - p) : p ** (most - 1))
  const numbers = Array.from({ length: most }, (_, i) => i + 1)
  const mean = numbers.reduce((sum, n) => sum + n * chance(n), 0)
  return Math.sqrt(numbers.reduce((sum, n) => sum + (n - mean) ** 2 * chance(n), 0))
}
