// `aftershock compare A B`: two summaries, run by run paired by seed, and what differs between them.
import { BadInputError, ExitCode } from '../base/errors.ts'
import { differenceTable } from '../reporters/differences.ts'
import { type Paint, painter } from '../reporters/text.ts'
import { differencesOf, pairsOf } from '../run/differences.ts'
import type { RunResult, Summary } from '../run/result.ts'
import type { Environment } from './complain.ts'
import { isPlain } from './destinations.ts'
import type { Flags } from './flags.ts'
import { readSummary } from './summary-file.ts'

export async function compare(
  a: string,
  b: string,
  flags: Flags,
  environment: Environment,
): Promise<ExitCode> {
  const [first, second] = [await readSummary(a), await readSummary(b)]
  const groups = [groupsOf(first), groupsOf(second)] as const
  const shared = [...groups[0].keys()].filter((name) => groups[1].has(name))
  if (shared.length === 0)
    throw new BadInputError(
      `${b}: no scenario and variant in common with ${a}, which has ${[...groups[0].keys()].join(', ')}`,
    )
  const paint = painter(!isPlain(flags, environment))
  const missing = [...groups[0].keys(), ...groups[1].keys()].filter(
    (name) => !shared.includes(name),
  )
  const parts = shared.map((name) =>
    comparison(name, groups[0].get(name) ?? [], groups[1].get(name) ?? [], [a, b], paint),
  )
  const rest = [...new Set(missing)].map((name) => `${name}: only in one of the two`)
  process.stdout.write(`${[...parts, ...rest].join('\n\n')}\n`)
  return ExitCode.pass
}

function comparison(
  name: string,
  a: readonly RunResult[],
  b: readonly RunResult[],
  names: readonly [string, string],
  paint: Paint,
): string {
  const pairs = pairsOf(a, b)
  const verdicts = (runs: readonly RunResult[]) => {
    const passed = runs.filter((r) => r.verdict === 'pass').length
    return `${passed} of ${runs.length} pass`
  }
  const title = `${paint('bold', name)}  ${verdicts(a)} → ${verdicts(b)}, ${pairs.length} paired by seed`
  if (pairs.length === 0)
    return `${title}\n  no seed in common: run both with the same --seed and --seeds`
  const same = pairs.every(([x, y]) => x.digest !== null && x.digest === y.digest)
  if (same) return `${title}\n  the same runs, event by event`
  const all = differencesOf(pairs)
  const differing = all.filter((d) => d.differs)
  const rest = all.length - differing.length
  const lines = differing.length === 0 ? [] : differenceTable(differing, names, paint)
  const closing = `${rest} of ${all.length} figures show no difference${pairs.length === 1 ? '' : ' beyond chance'}`
  const cure = pairs.length === 1 ? '; one seed has no interval: run both with --seeds 10' : ''
  return [title, ...lines.map((line) => `  ${line}`), `  ${paint('dim', closing + cure)}`].join(
    '\n',
  )
}

function groupsOf({ runs }: Summary): Map<string, RunResult[]> {
  return Map.groupBy(
    runs,
    (r) =>
      `${r.scenario} · ${r.variant}${r.brief ? ' · brief' : ''}${r.world === 'virtual' ? '' : ` · ${r.world}`}`,
  )
}
