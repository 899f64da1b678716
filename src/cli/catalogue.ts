// `aftershock list --faults` and `--loads`: every kind there is, and whether its two worlds were ever compared.
import { ExitCode } from '../base/errors.ts'
import type { FaultDefinition } from '../faults/fault.ts'
import { columns, type Paint, painter } from '../reporters/text.ts'
import { faults, loads } from '../scenario/schema.ts'
import { HANDS } from '../worlds/real/abilities.ts'
import { type Comparison, comparisonsOf, readComparisons } from './comparisons.ts'
import type { Environment } from './complain.ts'
import { isPlain } from './destinations.ts'
import type { Flags } from './flags.ts'

export interface Wanted {
  readonly faults?: boolean
  readonly loads?: boolean
}

export function catalogue(
  wanted: Wanted,
  flags: Pick<Flags, 'color'>,
  environment: Environment,
): ExitCode {
  const paint = painter(!isPlain(flags, environment))
  const lines = [
    ...(wanted.faults === true ? faultLines(faults, readComparisons(), paint) : []),
    ...(wanted.loads === true ? loadLines(paint) : []),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return ExitCode.pass
}

function faultLines(
  all: readonly FaultDefinition[],
  comparisons: readonly Comparison[],
  paint: Paint,
): string[] {
  const heading = ['fault', 'worlds', 'compared', 'what it does'].map((h) => paint('dim', h))
  const rows = all
    .toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
    .map((fault) => [
      paint('bold', fault.kind),
      isReal(fault) ? 'both' : 'virtual',
      comparedIn(fault, comparisons, paint),
      fault.help,
    ])
  return [
    ...columns([heading, ...rows]),
    '',
    paint('dim', 'compared: in how many variants of the bundled scenarios both worlds came to the'),
    paint('dim', 'same, on a real object store; npm run fidelity compares again.'),
  ]
}

function isReal({ hands = [] }: FaultDefinition): boolean {
  return hands.every((hand) => HANDS[hand].on.includes(process.platform))
}

function comparedIn(
  fault: FaultDefinition,
  comparisons: readonly Comparison[],
  paint: Paint,
): string {
  const found = comparisonsOf(fault.kind, comparisons)
  if (found.length === 0) return isReal(fault) ? paint('yellow', 'never compared') : '–'
  const differing = found.filter(({ agrees }) => !agrees)
  if (differing.length === 0) return paint('green', `equal in ${found.length}`)
  const [{ scenario, variant } = { scenario: '', variant: '' }] = differing
  return paint('red', `differs in ${differing.length} of ${found.length}: ${scenario}.${variant}`)
}

function loadLines(paint: Paint): string[] {
  const heading = ['load', 'how it offers items'].map((h) => paint('dim', h))
  return columns([heading, ...loads.map(({ kind, help }) => [paint('bold', kind), help])])
}
