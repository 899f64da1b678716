// Finds the scenarios whose symptoms are in what was seen, the most specific first: a log line pasted whole, or a few words.

export interface Symptomatic {
  readonly symptoms: readonly string[]
}

/** In every log, and so of no symptom. */
const STOP_WORDS = new Set(
  'a an and are at by for from has in is it no not of on or the to was with'.split(' '),
)
/** Words apart from each other tell less than the same words in one piece. */
const SCATTERED = 0.8
/** Of a symptom so much must be found; of a few words that were typed, all. */
const LEAST_COVERED = 0.6
/** Shorter than this, letters without what stands between them are found in anything. */
const LEAST_SQUASHED = 8

/**
 * A scenario is as specific as it explains much of what was seen: each word counts once, with the information in it.
 * A word that few scenarios have tells more than one that many have. Between equals the number of symptoms decides.
 */
export function rankBySymptom<T extends Symptomatic>(all: readonly T[], seen: string): T[] {
  const bits = informationOf(all)
  const text = normal(seen)
  const scored = all.map((one) => {
    const matches = one.symptoms.map((symptom) => match(normal(symptom), text, bits))
    const explained = new Map<string, number>()
    for (const { words, quality } of matches)
      for (const word of words) explained.set(word, Math.max(quality, explained.get(word) ?? 0))
    return {
      one,
      score: sum([...explained].map(([word, quality]) => bits(word) * quality)),
      symptoms: matches.filter(({ words }) => words.length > 0).length,
    }
  })
  return (
    scored
      .filter(({ score }) => score > 0)
      // The same words are equally good, whatever the order in which they were added up.
      .map((found) => ({ ...found, score: Number(found.score.toPrecision(9)) }))
      .sort((a, b) => b.score - a.score || b.symptoms - a.symptoms)
      .map(({ one }) => one)
  )
}

/** By word; one that no symptom has tells as much as one that a single scenario has. */
type Information = (word: string) => number

function informationOf(all: readonly Symptomatic[]): Information {
  const scenarios = new Map<string, number>()
  for (const { symptoms } of all)
    for (const word of new Set(symptoms.flatMap((symptom) => wordsOf(normal(symptom)))))
      scenarios.set(word, (scenarios.get(word) ?? 0) + 1)
  return (word) => Math.log2(1 + all.length / (scenarios.get(word) ?? 1))
}

/** The words of what was seen that a symptom explains, and how surely: 1 where it stands there in one piece. */
interface Match {
  readonly words: readonly string[]
  readonly quality: number
}

const NONE: Match = { words: [], quality: 0 }

function match(known: string, seen: string, bits: Information): Match {
  const [wanted, had] = [wordsOf(known), runsOf(seen)]
  const common = wanted.filter((word) => had.includes(word))
  if (isIn(known, seen)) return { words: common, quality: 1 }
  const joined = joinedIn(known, had)
  if (joined.length > 0) return { words: joined, quality: 1 }
  const telling = wordsOf(seen)
  if (isPartOf(seen, known) && telling.length > 0)
    return { words: telling, quality: seen.length / known.length }
  if (common.length > 0 && common.length === had.length) return { words: had, quality: SCATTERED }
  const total = (words: readonly string[]) => sum(words.map(bits))
  const covered = total(common) / total(wanted)
  if (common.length < 2 || covered < LEAST_COVERED) return NONE
  return { words: common, quality: covered * SCATTERED }
}

/** In one piece, and not within a longer word or number. */
function isIn(known: string, seen: string): boolean {
  for (let at = seen.indexOf(known); at >= 0; at = seen.indexOf(known, at + 1)) {
    const end = at + known.length
    if (!goesOn(seen[at - 1], known[0]) && !goesOn(known.at(-1), seen[end])) return true
  }
  return false
}

/** `connect timeout`, in a word such as ConnectTimeoutError. */
function joinedIn(known: string, words: readonly string[]): string[] {
  const joined = known.replaceAll(/[^\p{L}\p{N}]/gu, '')
  return joined.length < LEAST_SQUASHED ? [] : words.filter((word) => word.includes(joined))
}

/** Two letters are in every symptom; two Chinese characters are a word. */
function isPartOf(seen: string, known: string): boolean {
  return known.includes(seen) && (seen.length > 2 || /\p{Script=Han}{2}/u.test(seen))
}

function goesOn(before: string | undefined, after: string | undefined): boolean {
  const isLetter = /^[a-z\d]$/
  return isLetter.test(before ?? '') && isLetter.test(after ?? '')
}

/** What tells in a text: neither the words that are everywhere, nor names with numbers in them, but a status. */
function wordsOf(text: string): string[] {
  return runsOf(text).filter((word) =>
    /\d/.test(word) ? /^\d{3}$/.test(word) : word.length > 1 && !STOP_WORDS.has(word),
  )
}

/** Words and numbers, and of Chinese text every two neighbouring characters; each once. */
function runsOf(text: string): string[] {
  const runs = text.match(/\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu) ?? []
  const words = runs.flatMap((run) => {
    const characters = [...run]
    if (!/\p{Script=Han}/u.test(run) || characters.length === 1) return [run]
    return characters.slice(1).map((character, i) => `${characters[i]}${character}`)
  })
  return [...new Set(words)]
}

function normal(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}

function sum(figures: readonly number[]): number {
  return figures.reduce((total, figure) => total + figure, 0)
}
