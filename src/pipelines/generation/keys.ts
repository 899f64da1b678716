// Task ids: `task-<item>`.

const PREFIX = 'task-'
/** As many digits as an item's id has; a longer number is something else. */
const ID_DIGITS = 8

/** The number in it, or -1: every call about a task passes here. */
export function itemOf(key: string): number {
  if (!key.startsWith(PREFIX)) return -1
  const digits = key.length - PREFIX.length
  if (digits < 1 || digits > ID_DIGITS) return -1
  let index = 0
  for (let at = PREFIX.length; at < key.length; at++) {
    const digit = key.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) return -1
    index = index * 10 + digit
  }
  return index
}

export function* keys(): Iterable<string> {
  for (let index = 0; index < 2_000; index++)
    yield `${PREFIX}${String(index).padStart(ID_DIGITS, '0')}`
}
