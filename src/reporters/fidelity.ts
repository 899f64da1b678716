// The fidelity report: where the two worlds part, and by how much.
import { percent } from '../base/figures.ts'
import type { Fidelity } from '../run/fidelity.ts'
import { differenceTable } from './differences.ts'
import { columns, type Paint } from './text.ts'

export function fidelityLines(all: readonly Fidelity[], paint: Paint): string[] {
  return all.flatMap((one) => [
    `${paint('bold', 'fidelity')}  ${one.scenario} · ${one.variant}: ${verdictOf(one, paint)}`,
    ...one.reasons.map((reason) => `    ${paint('yellow', reason)}`),
    ...(isOwnStore(one) ? [`    ${paint('yellow', OWN_STORE)}`] : []),
    ...classes(one, paint).map((line) => `    ${line}`),
    ...differing(one, paint).map((line) => `    ${line}`),
    '',
  ])
}

const OWN_STORE = 'on the embedded store, which is our own: no proof of what MinIO would do'

function isOwnStore({ environment }: Fidelity): boolean {
  return environment?.parts.objects?.startsWith('embedded') === true
}

function verdictOf({ agrees, seeds }: Fidelity, paint: Paint): string {
  const over = `over ${seeds.length} ${seeds.length === 1 ? 'seed' : 'seeds'}`
  if (agrees === null) return paint('yellow', `inconclusive ${over}`)
  return agrees
    ? paint('green', `the worlds agree ${over}`)
    : paint('red', `the worlds differ ${over}`)
}

function classes({ classes: found }: Fidelity, paint: Paint): string[] {
  if (found.length === 0) return []
  const heading = ['', 'lost', 'virtual', 'real', 'difference'].map((h) => paint('dim', h))
  const rows = found.map(({ cause, virtual, real, agrees }) => [
    agrees === null ? ' ' : agrees ? paint('green', '✓') : paint('red', '✗'),
    agrees === null ? `${cause} (rare)` : cause,
    percent(virtual),
    percent(real),
    `${((real - virtual) * 100).toFixed(2)} pt`,
  ])
  return columns([heading, ...rows], [2, 3, 4])
}

function differing({ differences }: Fidelity, paint: Paint): string[] {
  const shown = differences.filter((d) => d.a !== 0 || d.b !== 0)
  return shown.length === 0 ? [] : differenceTable(shown, ['virtual', 'real'], paint)
}
