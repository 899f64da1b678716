// How far the two worlds differ on one scenario: verdicts, failure classes and every figure, paired by seed.
import { differencesOf, type MetricDifference, pairsOf } from './differences.ts'
import type { RunResult } from './result.ts'

/** Failure classes rarer than this are listed, not compared. */
const WORTH_COMPARING = 0.01
/** Shares of items may differ by so much: two points. */
const TOLERANCE = 0.02

export interface ClassShare {
  /** `failed at fetch: http-404 NoSuchKey` */
  readonly cause: string
  /** Shares of the items offered, over all seeds. */
  readonly virtual: number
  readonly real: number
  /** Whether both worlds agree on it; null where it is too rare to compare. */
  readonly agrees: boolean | null
}

export interface Fidelity {
  readonly scenario: string
  readonly file: string
  readonly variant: string
  readonly seeds: readonly number[]
  /** Null where the real world could not keep up: inconclusive rather than different. */
  readonly agrees: boolean | null
  readonly reasons: readonly string[]
  readonly classes: readonly ClassShare[]
  readonly differences: readonly MetricDifference[]
}

/** Of the runs of one variant in the two worlds. */
export function fidelityOf(virtual: readonly RunResult[], real: readonly RunResult[]): Fidelity {
  const pairs = pairsOf(virtual, real)
  const [first] = virtual
  const classes = classShares(
    pairs.map(([v]) => v),
    pairs.map(([, r]) => r),
  )
  const unfit = pairs.filter(([, r]) => r.verdict === 'inconclusive')
  const reasons = [
    ...pairs.flatMap(([v, r]) =>
      v.verdict === r.verdict || r.verdict === 'inconclusive'
        ? []
        : [`seed ${v.seed}: ${v.verdict} in the virtual world, ${r.verdict} in the real one`],
    ),
    ...classes.filter((c) => c.agrees === false).map((c) => `${c.cause}: ${shares(c)}`),
  ]
  return {
    scenario: first?.scenario ?? '',
    file: first?.file ?? '',
    variant: first?.variant ?? '',
    seeds: pairs.map(([v]) => v.seed),
    agrees: pairs.length === 0 || unfit.length > 0 ? null : reasons.length === 0,
    reasons:
      unfit.length === 0
        ? reasons
        : unfit.map(([v, r]) => `seed ${v.seed}: ${r.reasons[0] ?? 'inconclusive'}`),
    classes,
    differences: differencesOf(pairs),
  }
}

function classShares(virtual: readonly RunResult[], real: readonly RunResult[]): ClassShare[] {
  const [inVirtual, inReal] = [sharesOf(virtual), sharesOf(real)]
  const causes = new Set([...inVirtual.keys(), ...inReal.keys()])
  return [...causes].map((cause): ClassShare => {
    const [v, r] = [inVirtual.get(cause) ?? 0, inReal.get(cause) ?? 0]
    const isCommon = Math.max(v, r) >= WORTH_COMPARING
    return { cause, virtual: v, real: r, agrees: isCommon ? Math.abs(v - r) <= TOLERANCE : null }
  })
}

function sharesOf(runs: readonly RunResult[]): Map<string, number> {
  const offered = runs.reduce((sum, { items }) => sum + items.offered, 0)
  const shares = new Map<string, number>()
  for (const { failures } of runs)
    for (const { fate, stage, class: klass, code, count } of failures) {
      const cause = `${fate} at ${stage}: ${klass}${code === undefined ? '' : ` ${code}`}`
      shares.set(cause, (shares.get(cause) ?? 0) + count / Math.max(1, offered))
    }
  return shares
}

function shares({ virtual, real }: ClassShare): string {
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`
  return `${percent(virtual)} of the items in the virtual world, ${percent(real)} in the real one`
}

/** Of a command's runs, wherever a variant was run in both worlds. */
export function fidelities(runs: readonly RunResult[]): Fidelity[] {
  const groups = Map.groupBy(runs, (r) => JSON.stringify([r.file, r.variant, r.brief]))
  return [...groups.values()].flatMap((group) => {
    const of = (world: RunResult['world']) => group.filter((r) => r.world === world)
    const [virtual, real] = [of('virtual'), of('real')]
    return virtual.length === 0 || real.length === 0 ? [] : [fidelityOf(virtual, real)]
  })
}
