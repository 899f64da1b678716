// Templates: `{body.image_url}` in a text, or in the texts of a JSON value, filled in from what is known.

export type Known = (name: string) => unknown

const HOLE = /\{([A-Za-z_][\w.-]*)\}/g

/** What a text asks for. */
export function holesIn(text: string): string[] {
  return [...text.matchAll(HOLE)].map(([, name = '']) => name)
}

/** What nobody knows stays as it is written: braces are no rare sight in JSON. */
export function fill(text: string, known: Known): string {
  return text.replaceAll(HOLE, (hole, name: string) => {
    const value = known(name)
    return value === undefined ? hole : typeof value === 'string' ? value : JSON.stringify(value)
  })
}

/** A text that is one hole alone becomes the value itself, whatever its type. */
export function fillJson(value: unknown, known: Known): unknown {
  if (typeof value === 'string') {
    const [, only = ''] = /^\{([A-Za-z_][\w.-]*)\}$/.exec(value) ?? []
    return (only === '' ? undefined : known(only)) ?? fill(value, known)
  }
  if (Array.isArray(value)) return value.map((item) => fillJson(item, known))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, fillJson(inner, known)]),
  )
}

/** `stats.processed` of a JSON value. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null
        ? (inner as Readonly<Record<string, unknown>>)[key]
        : undefined,
    value,
  )
}
