// Changes to a scenario that must change nothing of what is measured, and others whose effect is known beforehand.
import { isDeepStrictEqual } from 'node:util'
import type { RunResult } from '../../src/run/result.ts'
import { type RunOrder, runOnce } from '../../src/run/run.ts'
import { fault, type Resolved } from '../../src/scenario/schema.ts'

/** Runs the scenario changed in some keys. */
type Rerun = (changed: Partial<Resolved>) => Promise<RunResult>

/** What is wrong, in sentences; empty where nothing is. */
export async function faultsOfVariations(order: RunOrder, result: RunResult): Promise<string[]> {
  const bare = { alerts: [], thresholds: {}, fingerprint: {}, expect: NOTHING_EXPECTED }
  const rerun: Rerun = (changed) =>
    runOnce({ ...order, scenario: { ...order.scenario, ...bare, ...changed } })
  return [
    ...(isDeepStrictEqual(await runOnce(order), result) ? [] : ['another result on the rerun']),
    ...(await unwatched(rerun, result)),
    ...(await untouched(order.scenario, rerun, result)),
    ...(await inert(order.scenario, rerun, result)),
  ]
}

const NOTHING_EXPECTED: Resolved['expect'] = { breach: [], fingerprint: 'met' }

const COUNTED = [
  ...['items_offered', 'item_succeeded', 'item_lost', 'item_pending', 'attempts'],
  ...['attempt_failed', 'log_lines', 'broken_pipes'],
]
const PHASES = ['before', 'fault', 'after']

/** Alerts and thresholds are no part of a run; and what the phases hold is what the whole holds. */
async function unwatched(rerun: Rerun, result: RunResult): Promise<string[]> {
  const names = COUNTED.flatMap((name) => [name, ...PHASES.map((p) => `${name}{phase:${p}}`)])
  const thresholds = Object.fromEntries(names.map((name) => [name, ['count>=0']]))
  const { digest, thresholds: judged } = await rerun({ thresholds })
  const count = (name: string) => judged.find((t) => t.metric === name)?.observed ?? 0
  const parted = COUNTED.flatMap((name) => {
    const parts = PHASES.map((phase) => count(`${name}{phase:${phase}}`))
    const sum = parts.reduce((a, b) => a + b, 0)
    return sum === count(name) ? [] : [`${name}: ${parts.join(' + ')} is not ${count(name)}`]
  })
  return [...(digest === result.digest ? [] : ['another digest without alerts']), ...parted]
}

/** Of who merely waited for a job it takes time: until that is connected again, which counts as no touch. */
const DELAYS_UNTOUCHED = 'redis.down'

/** A fault that touched nothing might as well not be there. */
async function untouched({ faults }: Resolved, rerun: Rerun, result: RunResult) {
  const touching = faults.filter(
    ({ kind }, i) => kind === DELAYS_UNTOUCHED || result.faults[i]?.touched !== 0,
  )
  if (touching.length === faults.length) return []
  const others = faults.filter((f) => !touching.includes(f)).map((f) => f.kind)
  return difference(`without ${others.join(', ')}`, await rerun({ faults: touching }), result)
}

/** Nor does one that may act on every call and never does. */
async function inert({ faults, warmup }: Resolved, rerun: Rerun, result: RunResult) {
  const one = fault.parse({ kind: 'status', status: 500, probability: 0, at: `${warmup}ms` })
  return difference(
    'with a fault that never acts',
    await rerun({ faults: [...faults, one] }),
    result,
  )
}

function difference(how: string, run: RunResult, result: RunResult): string[] {
  return (['items', 'failures', 'attempts', 'reported', 'simulatedMs'] as const).flatMap((part) => {
    const [a, b] = [compared(run, part), compared(result, part)]
    return isDeepStrictEqual(a, b)
      ? []
      : [`${how}, other ${part}: ${JSON.stringify(a)} not ${JSON.stringify(b)}`]
  })
}

/** A worker that has nothing to do and is refused notes it, though no fault counts that as a touch. */
function compared(
  result: RunResult,
  part: 'items' | 'failures' | 'attempts' | 'reported' | 'simulatedMs',
) {
  if (part !== 'attempts') return result[part]
  return result.attempts.filter((a) => a.route !== 'take' || a.class === 'ok')
}
