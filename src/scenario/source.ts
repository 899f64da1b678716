// What a scenario file gives, whatever its format: plain data, and where each part of it stands.

export type Path = readonly PropertyKey[]

export interface Place {
  /** `file:line:col: a.b[0]` for YAML and JSON, `file: a.b[0]` for TypeScript. */
  readonly where: string
  /** Problems are told in this order. */
  readonly order: number
}

export interface Source {
  readonly data: unknown
  locate(path: Path, on?: 'key'): Place
}

/** `faults[0].at`, as one would write it in code; a key that could not be seen so is quoted: `faults[0][""]`. */
export function written(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`
    const name = String(key)
    if (name === '' || name.trim() !== name) return `${text}[${JSON.stringify(name)}]`
    return text === '' ? name : `${text}.${name}`
  }, '')
}

/**
 * A copy that holds data only: no cycles, functions, dates or other instances, which neither JSON nor a seed
 * could reproduce. `refuse` throws.
 */
export function plain(
  value: unknown,
  refuse: (path: Path, message: string) => never,
  path: Path = [],
  above: ReadonlySet<unknown> = new Set(),
): unknown {
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return refuse(path, notData(typeof value))
  // JSON knows no negative nought.
  if (value === 0) return 0
  if (typeof value !== 'object' || value === null) return value
  if (above.has(value)) return refuse(path, 'contains itself, in a circle')
  const inside = new Set([...above, value])
  if (Array.isArray(value)) return value.map((item, i) => plain(item, refuse, [...path, i], inside))
  if (!isPlain(value)) return refuse(path, notData(value.constructor?.name ?? 'object'))
  // The schema drops it from a mapping of free names without a word.
  if (Object.hasOwn(value, '__proto__'))
    return refuse([...path, '__proto__'], "'__proto__' is no name for a key")
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, plain(inner, refuse, [...path, key], inside)]),
  )
}

/** A module's namespace has no prototype, and is as good as a literal. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function notData(kind: string): string {
  return `a ${kind} is no plain data; write text, a number, a list or a mapping`
}

/** A problem is one line, whatever stands in the key or text that it quotes. */
export function inOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, (control) => JSON.stringify(control).slice(1, -1))
}
