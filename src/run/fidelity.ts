// How far the two worlds differ on one scenario: verdicts, failure classes and every figure, paired by seed.
import { LOST } from '../metrics/outcomes.ts'
import { differencesOf, type MetricDifference, pairsOf } from './differences.ts'
import type { Environment, RunResult } from './result.ts'

/** Failure classes rarer than this are listed, not compared. */
const WORTH_COMPARING = 0.01
/** Shares of items may differ by so much: two points. */
const TOLERANCE = 0.02

/** Shares of the items offered, over all seeds. */
interface Shares {
  readonly virtual: number
  readonly real: number
}

export interface ClassShare extends Shares {
  /** `failed at fetch: http-404 NoSuchKey` */
  readonly cause: string
  /** Whether both worlds agree on it; null where it is too rare to compare. */
  readonly agrees: boolean | null
}

export interface Fidelity {
  readonly scenario: string
  readonly file: string
  readonly variant: string
  readonly seeds: readonly number[]
  /** The real world's servers and speed. */
  readonly environment: Pick<Environment, 'speed' | 'parts'> | null
  /** Null where the real world could not keep up, or had less capacity by as much as they differ: inconclusive. */
  readonly agrees: boolean | null
  readonly verdictsEqual: boolean
  /** Shares of every fate, and of every class of failure that is not rare. */
  readonly sharesEqual: boolean
  readonly reasons: readonly string[]
  readonly classes: readonly ClassShare[]
  readonly differences: readonly MetricDifference[]
}

/** Of the runs of one variant in the two worlds. */
export function fidelityOf(virtual: readonly RunResult[], real: readonly RunResult[]): Fidelity {
  const pairs = pairsOf(virtual, real)
  const [first] = virtual
  const [inVirtual, inReal] = [pairs.map(([v]) => v), pairs.map(([, r]) => r)]
  const classes = classShares(inVirtual, inReal)
  const missed = missedFaults(inVirtual, inReal)
  const verdicts = [...differentVerdicts(pairs), ...missed]
  const apart = [
    ...differentFates(inVirtual, inReal),
    ...classes.filter((c) => c.agrees === false).map(({ cause, ...c }) => ({ name: cause, ...c })),
  ]
  const shares = apart.map(({ name, ...of }) => `${name}: ${said(of)}`)
  const differs = verdicts.length + shares.length > 0
  const excuse = differs && missed.length === 0 ? lessCapacity(apart, inReal) : undefined
  const unfit = pairs.flatMap(([v, { environment }]) =>
    (environment?.unfit ?? []).slice(0, 1).map((why) => `seed ${v.seed}: ${why}`),
  )
  const { environment } = inReal[0] ?? {}
  return {
    scenario: first?.scenario ?? '',
    file: first?.file ?? '',
    variant: first?.variant ?? '',
    seeds: inVirtual.map(({ seed }) => seed),
    environment:
      environment === undefined ? null : { speed: environment.speed, parts: environment.parts },
    agrees: pairs.length === 0 || unfit.length > 0 || excuse !== undefined ? null : !differs,
    verdictsEqual: verdicts.length === 0,
    sharesEqual: shares.length === 0,
    reasons:
      unfit.length > 0
        ? unfit
        : [...(excuse === undefined ? [] : [excuse]), ...verdicts, ...shares],
    classes,
    differences: differencesOf(pairs),
  }
}

function differentVerdicts(pairs: readonly (readonly [RunResult, RunResult])[]): string[] {
  const told = ({ verdict, reasons: [why] }: RunResult) =>
    why === undefined ? verdict : `${verdict} (${why})`
  return pairs.flatMap(([v, r]) =>
    v.verdict === r.verdict
      ? []
      : [`seed ${v.seed}: ${told(v)} in the virtual world, ${told(r)} in the real one`],
  )
}

/** A fault that touched nothing in one world, over all seeds, was never compared. */
function missedFaults(virtual: readonly RunResult[], real: readonly RunResult[]): string[] {
  const touched = (runs: readonly RunResult[], i: number) =>
    runs.reduce((sum, { faults }) => sum + (faults[i]?.touched ?? 0), 0)
  return (virtual[0]?.faults ?? []).flatMap((fault, i) => {
    const [v, r] = [touched(virtual, i), touched(real, i)]
    if (v > 0 === r > 0) return []
    const name = fault.name ?? fault.kind
    return [`${name} touched ${v} in the virtual world, ${r} in the real one`]
  })
}

const COMPARED_FATES = ['succeeded', ...LOST, 'pending'] as const

interface Apart extends Shares {
  /** A fate, or a cause. */
  readonly name: string
}

function differentFates(virtual: readonly RunResult[], real: readonly RunResult[]): Apart[] {
  const share = (runs: readonly RunResult[], fate: (typeof COMPARED_FATES)[number]) =>
    runs.reduce((sum, { items }) => sum + items[fate], 0) / Math.max(1, offeredIn(runs))
  return COMPARED_FATES.flatMap((fate) => {
    const shares = { virtual: share(virtual, fate), real: share(real, fate) }
    return isNear(shares) ? [] : [{ name: fate, ...shares }]
  })
}

function isNear({ virtual, real }: Shares, tolerance = TOLERANCE): boolean {
  // 0.07 − 0.05 is a little more than 0.02.
  return Math.abs(virtual - real) <= tolerance + 1e-9
}

/** Where a host lacked more of its capacity than is tolerated, and that is as much as the worlds are apart. */
function lessCapacity(apart: readonly Shares[], real: readonly RunResult[]): string | undefined {
  const taken = real.flatMap(({ environment }) => Object.entries(environment?.capacityTaken ?? {}))
  const [most] = taken.toSorted(([, a], [, b]) => b - a)
  if (most === undefined || most[1] <= TOLERANCE) return undefined
  const [host, share] = most
  if (!apart.every((shares) => isNear(shares, TOLERANCE + share))) return undefined
  const speed = real[0]?.environment?.speed
  return `${host} lacked ${(100 * share).toFixed(1)} % of its capacity, which real calls' own time took while requests waited: what differs may be no more than that, and a lower --speed than ${speed} would tell`
}

function classShares(virtual: readonly RunResult[], real: readonly RunResult[]): ClassShare[] {
  const [inVirtual, inReal] = [sharesOf(virtual), sharesOf(real)]
  const causes = new Set([...inVirtual.keys(), ...inReal.keys()])
  return [...causes].map((cause): ClassShare => {
    const [v, r] = [inVirtual.get(cause) ?? 0, inReal.get(cause) ?? 0]
    const shares = { virtual: v, real: r }
    const isCommon = Math.max(v, r) >= WORTH_COMPARING
    return { cause, ...shares, agrees: isCommon ? isNear(shares) : null }
  })
}

function sharesOf(runs: readonly RunResult[]): Map<string, number> {
  const offered = offeredIn(runs)
  const shares = new Map<string, number>()
  for (const { failures } of runs)
    for (const { fate, stage, class: klass, code, count } of failures) {
      const cause = `${fate} at ${stage}: ${klass}${code === undefined ? '' : ` ${code}`}`
      shares.set(cause, (shares.get(cause) ?? 0) + count / Math.max(1, offered))
    }
  return shares
}

function offeredIn(runs: readonly RunResult[]): number {
  return runs.reduce((sum, { items }) => sum + items.offered, 0)
}

function said({ virtual, real }: Shares): string {
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
