// `aftershock list [symptom]`: the bundled scenarios, or those whose symptoms are found in what was seen.
import { ExitCode } from '../base/errors.ts'
import { quote } from '../reporters/console.ts'
import { columns } from '../reporters/text.ts'
import { readScenario, type Scenario } from '../scenario/read.ts'
import { everyScenario } from './bundled.ts'

export async function list(symptom: string | undefined): Promise<ExitCode> {
  const all = await Promise.all((await everyScenario()).map((file) => readScenario(file)))
  const found = symptom === undefined ? all : all.filter((scenario) => score(scenario, symptom) > 0)
  if (symptom !== undefined) found.sort((a, b) => score(b, symptom) - score(a, symptom))
  if (found.length === 0) {
    process.stdout.write(`no bundled scenario shows '${symptom}'; aftershock list shows them all\n`)
    return ExitCode.pass
  }
  const rows = found.map((s) => [s.name, s.incident ?? '', `aftershock run ${quote(s.file)}`])
  process.stdout.write(`${columns(rows).join('\n')}\n`)
  return ExitCode.pass
}

/** How specific the best match is: the length of a symptom in the line seen, or of the words seen in a symptom. */
function score({ symptoms }: Scenario, seen: string): number {
  const line = seen.toLowerCase()
  return Math.max(
    0,
    ...symptoms.map((symptom) => {
      const known = symptom.toLowerCase()
      if (line.includes(known)) return known.length
      return known.includes(line) && line.trim().length > 2 ? line.length / 2 : 0
    }),
  )
}
