// The verdict of a run, worked out a second time from what its report shows and what its scenario expects.
import type { RunResult, Verdict } from '../../src/run/result.ts'
import type { Resolved } from '../../src/scenario/schema.ts'

/** As the README has it: red for what is wrong, never green for want of samples. */
export function verdictOf(r: RunResult, { pending, expect }: Resolved): Verdict {
  const { breach } = expect
  const isBaseline = breach.length > 0 || expect.fingerprint === 'missed'
  const of = (metric: string) => r.thresholds.filter((t) => t.metric === metric)
  // What was not measured is neither met nor missed.
  const isMissed = r.fingerprint.some((f) => f.ok === false)
  const isMet = r.fingerprint.length > 0 && r.fingerprint.every((f) => f.ok === true)
  const isRed =
    // Items left open from the warm-up stand in no figure, only among the reasons.
    (pending === 'forbidden' &&
      (r.items.pending > 0 || r.reasons.some((why) => /of them from the warm-up/.test(why)))) ||
    r.thresholds.some((t) => t.ok === false && !breach.includes(t.metric)) ||
    breach.some((metric) => of(metric).every((t) => t.ok === true)) ||
    (isBaseline && (expect.fingerprint === 'missed' ? isMet : isMissed)) ||
    r.alerts.some((a) => a.ok === false)
  if (isRed) return 'fail'
  const isOpen =
    r.items.offered === 0 ||
    r.thresholds.some((t) => t.ok === null) ||
    (isBaseline && r.fingerprint.some((f) => f.ok === null)) ||
    r.alerts.some((a) => a.expect !== null && a.ok === null) ||
    r.faults.some((f) => f.touched === 0 && !f.mayMiss)
  // How things stood when a fault came stands in no figure either, only among the reasons.
  const isBlind = r.reasons.some((why) =>
    /^all but [0-2] of the items had ended before fault |^nothing that is asserted looks at what came after fault | was breached before the first fault: not by it$/.test(
      why,
    ),
  )
  const isAsserted =
    r.thresholds.length > 0 ||
    r.alerts.some((a) => a.expect !== null) ||
    (isBaseline && r.fingerprint.length > 0)
  return isOpen || isBlind || !isAsserted ? 'inconclusive' : 'pass'
}
