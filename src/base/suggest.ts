// The word the writer may have meant.
import { closestMatch } from 'leven'

/** A longer list than this says less than the nearest word alone. */
const SHORT = 10
const LONGEST = 24
/** Fewer letters than this begin too many words. */
const BEGINNING = 3

/** The nearest of `known`, or undefined where nothing is near enough to be a slip of the pen. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3))
  return (
    known.find((one) => folded(one) === folded(word) || isSwapped(one, word)) ??
    closestMatch(word, known, { maxDistance: limit }) ??
    known.find((one) => begins(word, one))
  )
}

/** Two letters in the wrong order are one slip, though two edits. */
function isSwapped(a: string, b: string): boolean {
  const at = [...a].findIndex((letter, i) => letter !== b[i])
  return at >= 0 && a.slice(0, at) + a[at + 1] + a[at] + a.slice(at + 2) === b
}

/** `; did you mean 'x'?`, with the known words where they are few; or the known words alone. */
export function suggestion(word: string, known: readonly string[]): string {
  if (known.length === 0) return ''
  const near = nearest(word, known)
  const list = listed(known)
  if (near === undefined) return `; known: ${list}`
  return `; did you mean '${near}'?${known.length > SHORT ? '' : ` Known: ${list}`}`
}

/** `a, b, service-1 … service-12`: many numbered names are one. */
export function listed(names: readonly string[]): string {
  const groups = [...Map.groupBy(names, (name) => name.replace(/\d+$/, '')).values()]
  const words = groups.flatMap((of) => (of.length > 3 ? [`${of[0]} … ${of.at(-1)}`] : of))
  return words.length > LONGEST ? `${words.slice(0, LONGEST).join(', ')}, …` : words.join(', ')
}

/** `heartbeatLoss`, `heartbeat-loss` and `Heartbeat.Loss` are one word. */
function folded(word: string): string {
  return word.toLowerCase().replaceAll(/[-_. ]/g, '')
}

/** `allow` begins `allowed`, and `durations` is begun by `duration`. */
function begins(word: string, known: string): boolean {
  const [short, long] = word.length < known.length ? [word, known] : [known, word]
  return short.length >= BEGINNING && long.toLowerCase().startsWith(short.toLowerCase())
}
