// The word the writer may have meant.
import { closestMatch } from 'leven'

/** The nearest of `known`, or undefined where nothing is near enough to be a typing error. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3))
  return closestMatch(word, known, { maxDistance: limit })
}

/** `; did you mean 'x'?` with the known words, or the known words alone. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  const list = known.length > 24 ? `${known.slice(0, 24).join(', ')}, …` : known.join(', ')
  return near === undefined ? `; known: ${list}` : `; did you mean '${near}'? Known: ${list}`
}
