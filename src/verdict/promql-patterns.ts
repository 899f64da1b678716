// Regular expressions of label matchers: as Prometheus matches them, and none that could take for ever here.
import { Refusal } from './promql-refusals.ts'

/** More repetitions than this in a row try too many ways to share a value among them. */
const MOST_REPETITIONS = 4
/** A repetition with a bound is one with none from here on. */
const MANY = 10

/** They match the whole value, and their `.` a line's end too. Throws `Refusal`. */
export function readPattern(pattern: string): (value: string) => boolean {
  if (/\(\?<?[=!]|\\[1-9]/.test(pattern))
    throw new Refusal(
      `'${pattern}' has a lookaround or a backreference, which Prometheus' RE2 does not know`,
    )
  const whole = compiled(pattern)
  if (couldTakeForEver(pattern))
    throw new Refusal(
      `'${pattern}' repeats what can itself match in many ways; write it without a repetition inside a repetition`,
    )
  // Values are few and come again at every scrape.
  const known = new Map<string, boolean>()
  return (value) => {
    const answer = known.get(value) ?? whole.test(value)
    known.set(value, answer)
    return answer
  }
}

function compiled(pattern: string): RegExp {
  try {
    return new RegExp(`^(?:${pattern})$`, 'su')
  } catch {
    throw new Refusal(`'${pattern}' is not a regular expression that can be read here`)
  }
}

/** What stands in a pattern whose sense does not matter here: escapes, classes, groups, bars, repetitions. */
const TOKEN = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?[^:)]*:)?|\)|\||[*+?]|\{\d+(?:,\d*)?\}|./gsu

/**
 * RE2 runs in a time proportional to the value; what Node has tries every way in turn, and a repeated group that
 * holds a repetition or alternatives has exponentially many.
 */
function couldTakeForEver(pattern: string): boolean {
  const ambiguous: boolean[] = [false]
  let closed = false
  let repetitions = 0
  for (const [token] of pattern.matchAll(TOKEN)) {
    if (token.startsWith('(')) ambiguous.push(false)
    else if (token === ')') closed = ambiguous.pop() ?? false
    else if (token === '|') {
      // One alternative of the whole after the other: each begins anew.
      if (ambiguous.length === 1) repetitions = 0
      ambiguous[ambiguous.length - 1] = true
    }
    if (isMany(token)) {
      if (closed || ++repetitions > MOST_REPETITIONS) return true
      ambiguous[ambiguous.length - 1] = true
    }
    if (token === ')' && closed) ambiguous[ambiguous.length - 1] = true
    if (token !== ')') closed = false
  }
  return false
}

function isMany(token: string): boolean {
  if (token === '*' || token === '+') return true
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(token) ?? []
  if (least === undefined) return false
  const isOpen = comma !== '' && most === ''
  return isOpen || Number(most || least) >= MANY
}
