// `aftershock list [symptom]`: the bundled scenarios, or those whose symptoms are found in what was seen.
import { ExitCode } from '../base/errors.ts'
import { quote } from '../base/shell.ts'
import { columns } from '../reporters/text.ts'
import { readScenario, type Scenario } from '../scenario/read.ts'
import { everyScenario } from './bundled.ts'
import { rankBySymptom } from './symptoms.ts'

/** Without a symptom, all. Where none is found, what there is goes to standard error: it is no answer. */
export async function list(symptom: string): Promise<ExitCode> {
  const all: Scenario[] = []
  for (const file of await everyScenario()) all.push(await readScenario(file))
  const found = symptom.trim() === '' ? all : rankBySymptom(all, symptom)
  if (found.length > 0) {
    process.stdout.write(linesOf(found))
    return ExitCode.pass
  }
  process.stderr.write(`no bundled scenario shows '${symptom}'. There are:\n${linesOf(all)}`)
  return ExitCode.inconclusive
}

function linesOf(scenarios: readonly Scenario[]): string {
  const rows = scenarios.map((s) => [s.name, s.incident ?? '', `aftershock run ${quote(s.file)}`])
  return `${columns(rows).join('\n')}\n`
}
