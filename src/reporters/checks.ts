// A summary as checks with fixed names, as gates read them: what passed, failed, told nothing or never ran.
import { INTERRUPTED } from '../run/judge.ts'
import type {
  AlertOutcome,
  Asserted,
  Example,
  Judged,
  RunResult,
  Summary,
  Verdict,
} from '../run/result.ts'
import { judgeSeeds } from '../run/seeds.ts'
import { sayObserved, sayWindow } from '../verdict/said.ts'
import { type RenderOptions, runCommand } from './reporter.ts'

export interface Check {
  readonly file: string
  readonly scenario: string
  readonly variant: string
  readonly world: RunResult['world']
  /** Never a seed or a figure: the same from run to run. */
  readonly name: string
  readonly outcome: 'passed' | 'failed' | 'error' | 'skipped'
  /** One line; empty where it passed. */
  readonly message: string
  readonly details: readonly string[]
  /** Wall time of the runs behind it, where it stands for them all. */
  readonly wallMs: number
}

type Runs = readonly RunResult[]
type Found = Pick<Check, 'name' | 'outcome'> & Partial<Check>

const SOUND = 'the run is sound'

export function checksOf(summary: Summary, options: RenderOptions): Check[] {
  const groups = Map.groupBy(summary.runs, (r) =>
    JSON.stringify([r.file, r.variant, r.brief, r.world]),
  )
  const missing = summary.unjudged ?? []
  const ran = [...groups.values()].flatMap((runs) => variantChecks(runs, options))
  const unran = missing
    .filter((m) => !groups.has(JSON.stringify([m.file, m.variant, m.brief, m.world])))
    .flatMap(({ asserted, why, isError, ...where }) =>
      namesOf(asserted).map((name) => ({
        ...where,
        ...(isError ? { name, outcome: 'error' as const, message: why } : unjudged(name, why)),
      })),
    )
  const worse = (summary.regressions ?? []).map((r): Check => {
    const file = summary.runs.find((run) => run.scenario === r.scenario)?.file ?? r.scenario
    const outcome = outcomeOf(r.verdict, options)
    return {
      ...r,
      file,
      name: 'no worse than the baseline',
      outcome,
      message: r.reasons[0] ?? '',
      details: r.reasons,
      wallMs: 0,
    }
  })
  const compared = (summary.fidelity ?? []).map(({ scenario, file, variant, agrees, reasons }) => ({
    ...{ scenario, file, variant, world: 'real' as const, name: 'the two worlds agree' },
    outcome: outcomeOf(agrees === null ? 'inconclusive' : agrees ? 'pass' : 'fail', options),
    message: reasons[0] ?? '',
    details: reasons,
  }))
  return [...ran, ...unran, ...worse, ...compared].map((check: Found & Where) => ({
    file: check.file,
    scenario: check.scenario,
    variant: check.variant,
    world: check.world,
    name: check.name,
    outcome: check.outcome,
    message: check.message ?? '',
    details: check.details ?? [],
    wallMs: check.wallMs ?? 0,
  }))
}

function unjudged(name: string, why: string): Found {
  return { name, outcome: 'skipped', message: `${why}: not judged` }
}

/** Those of a variant that ran would be called the same. */
function namesOf({ thresholds, alerts, breach }: Asserted): string[] {
  if (breach.length > 0) return [reproduces(breach)]
  return [
    ...thresholds.map(nameOf),
    ...alerts.filter((a) => a.expect !== null).map(alertName),
    SOUND,
  ]
}

const nameOf = ({ metric, expr }: Pick<Judged, 'metric' | 'expr'>) => `${metric} ${expr}`
const reproduces = (breach: readonly string[]) => `reproduces: ${breach.join(', ')}`
const alertName = ({ name, expect }: Pick<AlertOutcome, 'name' | 'expect'>) =>
  `alert ${name} ${expect}`

function variantChecks(all: Runs, options: RenderOptions): (Found & Where)[] {
  const runs = all.filter((r) => r.replacedBy === undefined)
  const [first] = runs
  if (first === undefined) return []
  const { file, scenario, variant, world, expect } = first
  const seeds = judgeSeeds(runs)
  const isCut = runs.some((r) => r.reasons.includes(INTERRUPTED))
  const again = (run: RunResult) =>
    `again: ${runCommand(options.command, run, { variant: run.variant })}`
  const judged = (name: string, bad: Runs, open: Runs, say: (run: RunResult) => string): Found => {
    if (isCut) return unjudged(name, INTERRUPTED)
    // Of a run that tells nothing as a whole a breach is no finding.
    const told = bad.filter((r) => r.verdict === 'fail' || seeds.verdict === 'pass')
    const [worst] = told.length > 0 ? told : open.length > 0 ? open : bad
    if (worst === undefined || seeds.verdict === 'pass') return { name, outcome: 'passed' }
    const verdict = told.length > 0 ? 'fail' : 'inconclusive'
    return {
      name,
      outcome: outcomeOf(verdict === 'fail' ? seeds.verdict : verdict, options),
      message: say(worst),
      details: [
        ...[...told, ...open].map((r) => `seed ${r.seed}: ${say(r)}`),
        ...first.thresholds.filter((t) => nameOf(t) === name).map((t) => `limit: ${t.expr}`),
        ...examples(worst, name),
        `window: ${sayWindow(name)}`,
        again(worst),
      ],
    }
  }
  const where = { file, scenario, variant, world }
  if (expect.breach.length > 0) return [{ ...where, ...baseline(runs, isCut, options, again) }]
  const found = [
    ...first.thresholds.flatMap((t, i) => {
      const at = (r: RunResult) => r.thresholds[i]
      const bad = runs.filter((r) => at(r)?.ok === false)
      const open = runs.filter((r) => at(r)?.ok === null)
      const say = (r: RunResult) => {
        const judgedThere = at(r)
        return judgedThere === undefined
          ? ''
          : `observed ${sayObserved(judgedThere)}, limit ${t.expr}`
      }
      return [judged(nameOf(t), bad, open, say)]
    }),
    ...first.alerts.flatMap((a, i) => {
      if (a.expect === null) return []
      const at = (r: RunResult) => r.alerts[i]
      const bad = runs.filter((r) => at(r)?.ok === false)
      const open = runs.filter((r) => at(r)?.ok === null)
      return [judged(alertName(a), bad, open, (r) => sayAlert(at(r)))]
    }),
  ]
  return [...found, soundness(runs, found, isCut, options, again)].map((check) => ({
    ...where,
    ...check,
  }))
}

/** Of a figure about items: one for each cause, by the trace that the process' own logs know it by. */
function examples({ failures, said = [] }: RunResult, name: string): string[] {
  if (!name.startsWith('item_')) return []
  const quoted = said.flatMap(({ host, item, lines }) =>
    lines.map((line) => `${host}${item === undefined ? '' : `, of item ${item}`}: ${line}`),
  )
  const named = failures.flatMap(({ example, fate, stage, class: klass }) =>
    example === undefined ? [] : [`${fate} at ${stage}, ${klass}: ${exampleText(example)}`],
  )
  return [...named, ...quoted]
}

function exampleText({ item, traceparent }: Example): string {
  return `item ${item}${traceparent === undefined ? '' : `, traceparent ${traceparent}`}`
}

type Where = Pick<Check, 'file' | 'scenario' | 'variant' | 'world'>
type Again = (run: RunResult) => string

/** A baseline is one check: the incident comes out as it was, alerts and all, or it does not. */
function baseline(runs: Runs, isCut: boolean, options: RenderOptions, again: Again): Found {
  const name = reproduces(runs[0]?.expect.breach ?? [])
  const wallMs = wallOf(runs)
  if (isCut) return { ...unjudged(name, INTERRUPTED), wallMs }
  const { verdict, reasons } = judgeSeeds(runs)
  const bad = runs.filter((r) => r.verdict !== 'pass')
  const worst = bad.find((r) => r.verdict === verdict) ?? bad[0]
  if (worst === undefined || verdict === 'pass') return { name, outcome: 'passed', wallMs }
  const isMissing = worst.reasons.some((r) => /^incident did not|^(the )?fingerprint/.test(r))
  return {
    name,
    outcome: outcomeOf(verdict, options),
    message:
      isMissing && verdict === 'fail'
        ? 'incident did not reproduce'
        : (worst.reasons[0] ?? reasons[0] ?? ''),
    details: [...bad.map((r) => `seed ${r.seed}: ${r.reasons.join('; ')}`), again(worst)],
    wallMs,
  }
}

/** All else that keeps a variant from passing: items left open, faults that touched nothing, nothing asserted. */
function soundness(
  runs: Runs,
  others: readonly Found[],
  isCut: boolean,
  options: RenderOptions,
  again: Again,
): Found {
  const wallMs = wallOf(runs)
  if (isCut) return { ...unjudged(SOUND, INTERRUPTED), wallMs }
  const { verdict, reasons } = judgeSeeds(runs)
  const known = runs[0]?.thresholds.map((t) => `${nameOf(t)}: `) ?? []
  const isKnown = (reason: string) =>
    known.some((prefix) => reason.startsWith(prefix)) ||
    /^(alert |incident did not reproduce|fingerprint|the fingerprint)/.test(reason)
  const rest = runs.flatMap((r) => r.reasons.filter((reason) => !isKnown(reason)))
  const isTold = others.some((c) => c.outcome === 'failed' || c.outcome === 'error')
  if (verdict === 'pass' || (rest.length === 0 && isTold))
    return { name: SOUND, outcome: 'passed', wallMs }
  const worst = runs.find((r) => r.verdict !== 'pass')
  const isFailed =
    verdict === 'fail' &&
    (rest.some((reason) => reason.includes('still pending')) ||
      !others.some((c) => c.outcome === 'failed'))
  return {
    name: SOUND,
    outcome: outcomeOf(isFailed ? 'fail' : 'inconclusive', options),
    message: rest[0] ?? reasons[0] ?? '',
    details: [...new Set(rest), ...(worst === undefined ? [] : [again(worst)])],
    wallMs,
  }
}

function wallOf(runs: Runs): number {
  return runs.reduce((sum, r) => sum + r.wallMs, 0)
}

function sayAlert(alert: AlertOutcome | undefined): string {
  if (alert === undefined) return ''
  if (alert.unclear !== undefined) return alert.unclear
  return alert.firedAtMs === null
    ? 'it never fired'
    : `it fired at ${Math.round(alert.firedAtMs / 1_000)} s`
}

function outcomeOf(verdict: Verdict, { inconclusive = 'fail' }: RenderOptions): Check['outcome'] {
  if (verdict === 'pass') return 'passed'
  if (verdict === 'fail') return 'failed'
  return inconclusive === 'warn' ? 'skipped' : 'error'
}
