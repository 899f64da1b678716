// `aftershock list [symptom]`: the bundled scenarios, or those whose symptoms are found in what was seen.
import { ExitCode } from '../base/errors.ts'
import { columns, quote } from '../reporters/text.ts'
import { readScenario, type Scenario } from '../scenario/read.ts'
import { everyScenario } from './bundled.ts'

/** An empty symptom lists them all. */
export async function list(symptom: string): Promise<ExitCode> {
  const all: Scenario[] = []
  for (const file of await everyScenario()) all.push(await readScenario(file))
  const seen = normal(symptom)
  const scored = all.map((scenario) => ({
    scenario,
    score: seen === '' ? 1 : score(scenario, seen),
  }))
  const found = scored.filter((s) => s.score > 0).sort((a, b) => b.score - a.score)
  if (found.length === 0) {
    process.stdout.write(`no bundled scenario shows '${symptom}'; aftershock list shows them all\n`)
    return ExitCode.pass
  }
  const rows = found.map(({ scenario: s }) => [
    s.name,
    s.incident ?? '',
    `aftershock run ${quote(s.file)}`,
  ])
  process.stdout.write(`${columns(rows).join('\n')}\n`)
  return ExitCode.pass
}

/** How specific the best match is: the length of a symptom in the line seen, or of the words seen in a symptom. */
function score({ symptoms }: Scenario, seen: string): number {
  return Math.max(
    0,
    ...symptoms.map((symptom) => {
      const known = normal(symptom)
      if (seen.includes(known)) return known.length
      return known.includes(seen) && tells(seen) ? seen.length / 2 : 0
    }),
  )
}

/** Two letters are in every line; two Chinese characters are a word. */
function tells(words: string): boolean {
  return words.length > 2 || /\p{Script=Han}{2}/u.test(words)
}

function normal(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
