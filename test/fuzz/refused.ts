// What a refusal must be: one sentence for each mistake, after its place, in words for the writer of the scenario.
import { BadInputError } from '../../src/base/errors.ts'

/** `x.yaml:5:3: faults[0].at: …`, or of the file as a whole. */
const PLACED =
  /^x\.(yaml|json):\d+:\d+: +\S|^x\.(yaml|json): (not text in UTF-8|and \d+ problems more)/

/** Words of the checker, not of the checked. */
const JARGON =
  /\bundefined\b|\[object |\bInvalid (input|key|type|option)\b|\b(expected|received) (a|an|string|number|object|array|one of)\b|ZodError|\bzod\b|\bat (Object|async|new)\b|node:|TypeError|SyntaxError|RangeError|Cannot read prop|is not a function/

/** What is wrong with what was thrown for a scenario that was not accepted; empty where nothing is. */
export function faultsOfRefusal(thrown: unknown): string[] {
  if (!(thrown instanceof BadInputError))
    return [`it is refused with ${thrown instanceof Error ? thrown.stack : String(thrown)}`]
  const faults = thrown.exitCode === 104 ? [] : [`its exit code is ${thrown.exitCode}`]
  const lines = thrown.message.split('\n')
  if (new Set(lines).size < lines.length) faults.push(`it says the same twice: ${thrown.message}`)
  for (const line of lines) {
    if (!PLACED.test(line)) faults.push(`no place: ${line}`)
    if (JARGON.test(line)) faults.push(`jargon: ${line}`)
    // A key may begin with a colon.
    if (/[:;,] *$|(?<!^x\.\w+:\d+:\d+): :|; ;|\.\.$/.test(line))
      faults.push(`half a sentence: ${line}`)
  }
  return faults
}
