// Remembers what was read of a text: of keys that come again and again, only the end is looked at.

/** Texts remembered; by their last digits, those of a thousand items in a row have a place each. */
const PLACES = 1_024

/**
 * The same function, quicker for a text that was read lately. `ending` is how many characters come after the digits
 * that tell texts apart; `read` must depend on the text alone.
 */
export function remembering(
  read: (text: string) => number,
  ending: number,
): (text: string) => number {
  const texts: string[] = new Array(PLACES).fill('')
  const numbers = new Int32Array(PLACES)
  return (text) => {
    const last = text.length - ending - 1
    if (last < 2) return read(text)
    const place =
      (text.charCodeAt(last) + 10 * text.charCodeAt(last - 1) + 100 * text.charCodeAt(last - 2)) &
      (PLACES - 1)
    if (texts[place] === text) return numbers[place] as number
    const number = read(text)
    texts[place] = text
    numbers[place] = number
    return number
  }
}
