// Finds the node of a parsed YAML document that a path leads to, through aliases and merge keys.
import { type Document, isAlias, isMap, isScalar, isSeq, type Pair, type YAMLMap } from 'yaml'

export const MERGE_KEY = '<<'

/** The offset of what stands at a path, or of its key; of the nearest owner where nothing does. */
export function offsetOf(document: Document, path: readonly PropertyKey[], on?: 'key'): number {
  let at = startOf(document.contents) ?? 0
  let node: unknown = document.contents
  for (const [depth, key] of path.entries()) {
    const target = isAlias(node) ? node.resolve(document) : node
    const pair = isMap(target) ? pairOf(document, target, String(key)) : undefined
    const found =
      pair === undefined ? (isSeq(target) ? target.items[Number(key)] : undefined) : pair.value
    const isLast = depth === path.length - 1
    const offset =
      (isLast && on === 'key' ? startOf(pair?.key) : undefined) ??
      startOf(found) ??
      startOf(pair?.key)
    if (offset === undefined) return at
    at = offset
    node = found
  }
  return at
}

/** The pair of a key: the map's own, or one that a merge key brings in. */
function pairOf(document: Document, map: YAMLMap, key: string): Pair | undefined {
  const own = map.items.find((item) => keyText(item) === key)
  if (own !== undefined || key === MERGE_KEY) return own
  for (const source of mergedInto(document, map)) {
    const found = pairOf(document, source, key)
    if (found !== undefined) return found
  }
  return undefined
}

function mergedInto(document: Document, map: YAMLMap): YAMLMap[] {
  const merge = map.items.find((item) => keyText(item) === MERGE_KEY)?.value
  const sources = isSeq(merge) ? merge.items : [merge]
  return sources
    .map((source) => (isAlias(source) ? source.resolve(document) : source))
    .filter((source) => isMap(source))
}

/** The text of a key; the parser gives a merge key as a symbol. */
export function keyText({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined
  return typeof key.value === 'symbol' ? key.value.description : String(key.value)
}

/** Where a node begins; an empty value has no place of its own. */
export function startOf(node: unknown): number | undefined {
  const { range, source } = (node ?? {}) as {
    range?: readonly [number, number, number] | null
    source?: string
  }
  if (isScalar(node) && node.value === null && (source ?? '') === '') return undefined
  return range?.[0]
}
