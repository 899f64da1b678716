// Items that no rule explains: of somebody else's process that is no loss that was seen, so the verdict is worked out twice.
import { number } from '../base/figures.ts'
import type { Ledger } from '../metrics/ledger.ts'
import type { Unexplained } from '../metrics/select.ts'
import { sayResult } from '../verdict/said.ts'
import { exampleOf } from './example.ts'
import type { Judgement } from './judge.ts'
import type { Example, Judged } from './result.ts'

interface JudgedRun {
  readonly judgement: Judgement
  readonly thresholds: readonly Judged[]
  readonly fingerprint: readonly Judged[]
}

/** `judgeAs` counts what is unexplained as if it had ended so. */
export function judgeBothWays<J extends JudgedRun>(
  ledger: Ledger,
  judgeAs: (unexplained: Unexplained | undefined) => J,
  traceOf: (item: string) => string | undefined,
  unfit: readonly string[],
): J {
  const pending = pendingIn(ledger)
  if (pending === 0) return judgeAs(undefined)
  const [kind, harsh] = [judgeAs('succeeded'), judgeAs('lost')]
  const first = firstOpen(ledger)
  const { item, traceparent } = exampleOf(first, traceOf)
  const trace = traceparent === undefined ? '' : ` (traceparent ${traceparent})`
  const example = `such as item ${item}${trace}${lastSeen(ledger, first)}`
  if (pending === ledger.offered({}) + ledger.offered({ phase: 'warmup' }))
    return as(harsh, 'inconclusive', [
      ...unfit,
      `no rule explains any of the ${number(pending)} items, ${example}: no call, line or object that a rule waits for carried its id`,
    ])
  const said = `${number(pending)} items are unexplained, ${example}`
  if (kind.judgement.verdict === harsh.judgement.verdict)
    return as(harsh, harsh.judgement.verdict, [
      ...harsh.judgement.reasons,
      `${said}: whether they succeeded or were lost, the verdict is the same`,
    ])
  const undecided = {
    ...harsh,
    thresholds: either(kind.thresholds, harsh.thresholds),
    fingerprint: either(kind.fingerprint, harsh.fingerprint),
  }
  return as(undecided, 'inconclusive', [
    `${said}; an outcome {on: end} would say what becomes of them: if they succeeded this is ${kind.judgement.verdict}, if they were lost ${harsh.judgement.verdict}`,
  ])
}

/** What both ways agree on stands. */
function either(kind: readonly Judged[], harsh: readonly Judged[]): Judged[] {
  return harsh.map((lost, i) => {
    const succeeded = kind[i]
    return succeeded === undefined || succeeded.ok === lost.ok
      ? lost
      : { ...lost, ok: null, either: [succeeded.observed, lost.observed] }
  })
}

/** Where a call of it failed: a rule may be missing for just that. */
function lastSeen(ledger: Ledger, index: number): string {
  const cause = ledger.open(index)?.cause
  return cause === undefined ? '' : `, which failed at ${cause.stage}, ${sayResult(cause)}`
}

function as<J extends JudgedRun>(
  judged: J,
  verdict: Judgement['verdict'],
  reasons: readonly string[],
): J {
  return { ...judged, judgement: { ...judged.judgement, verdict, reasons } }
}

/** One of them; none where all are explained. */
export function unexplainedIn(
  ledger: Ledger,
  traceOf: (item: string) => string | undefined,
): readonly Example[] {
  return pendingIn(ledger) === 0 ? [] : [exampleOf(firstOpen(ledger), traceOf)]
}

function pendingIn(ledger: Ledger): number {
  return ledger.pending({}) + ledger.pending({ phase: 'warmup' })
}

function firstOpen(ledger: Ledger): number {
  let index = 0
  while (ledger.open(index) === undefined) index++
  return index
}
