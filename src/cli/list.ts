// `aftershock list [symptom]`: the bundled scenarios, or those whose symptoms are found in what was seen.
import type { WriteStream } from 'node:tty'
import stringWidth from 'string-width'
import { ExitCode } from '../base/errors.ts'
import { quote } from '../base/shell.ts'
import { columns, wrap } from '../reporters/text.ts'
import { readScenario, type Scenario } from '../scenario/read.ts'
import { everyScenario } from './bundled.ts'
import type { Environment } from './complain.ts'
import { commandOf } from './rerun.ts'
import { rankBySymptom } from './symptoms.ts'

/** Without a symptom, all. Where none is found, what there is goes to standard error: it is no answer. */
export async function list(symptom: string, environment: Environment): Promise<ExitCode> {
  const linesFor = (scenarios: readonly Scenario[], { isTTY, columns: width }: WriteStream) =>
    linesOf(scenarios, commandOf(environment), isTTY ? width : Number.POSITIVE_INFINITY)
  const all: Scenario[] = []
  for (const file of await everyScenario()) all.push(await readScenario(file))
  const found = symptom.trim() === '' ? all : rankBySymptom(all, symptom)
  if (found.length > 0) {
    process.stdout.write(linesFor(found, process.stdout))
    return ExitCode.pass
  }
  process.stderr.write(
    `no bundled scenario shows '${symptom}'. There are:\n${linesFor(all, process.stderr)}`,
  )
  return ExitCode.inconclusive
}

/** A line each, to be cut and searched; on a terminal too narrow for that, the command stands below. */
function linesOf(scenarios: readonly Scenario[], command: string, width: number): string {
  const commandFor = (s: Scenario) => `${command} run ${quote(s.file)}`
  const rows = scenarios.map((s) => [s.name, s.incident ?? '', commandFor(s)])
  const lines = columns(rows)
  if (lines.every((line) => stringWidth(line) <= width)) return `${lines.join('\n')}\n`
  return scenarios
    .flatMap((s) => [
      ...wrap(`${s.name}  ${s.incident ?? ''}`.trimEnd(), width, '  '),
      `    ${commandFor(s)}`,
    ])
    .map((line) => `${line}\n`)
    .join('')
}
