// Against an earlier summary: what got worse, with both figures and what lies between them.
import type { Regression } from '../run/regression.ts'
import { differenceTable } from './differences.ts'
import type { Paint } from './text.ts'

export function regressionLines(all: readonly Regression[], paint: Paint): string[] {
  return all.flatMap((one) => [
    `${paint('bold', 'baseline')}  ${one.scenario} · ${one.variant}: ${verdictOf(one, paint)}`,
    ...one.reasons.map((reason) => `    ${reason}`),
    ...(one.verdict === 'pass' || one.figures.length === 0
      ? []
      : differenceTable(one.figures, ['baseline', 'now'], paint).map((line) => `    ${line}`)),
    '',
  ])
}

function verdictOf({ verdict, figures }: Regression, paint: Paint): string {
  if (verdict === 'pass') return paint('green', `no worse, by ${figures.length} figures`)
  return verdict === 'fail' ? paint('red', 'worse') : paint('yellow', 'open')
}
