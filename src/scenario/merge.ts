// Merging: base ← variant ← brief ← the variant's brief. Whatever is merged remembers where it stands in the file.
import { REPLACED } from './schema.ts'
import type { Path } from './source.ts'

export type Raw = { readonly [key: string]: unknown }

export interface Layer {
  /** Where the layer's own keys stand in the file. */
  readonly at: Path
  readonly raw: Raw
}

/** The layers of one variant, weakest first. An undefined variant is the base alone. */
export function layersOf(raw: Raw, variant: string | undefined, brief: boolean): Layer[] {
  const { variants, brief: ownBrief, ...base } = raw
  const { brief: variantBrief, ...rest } =
    variant === undefined ? {} : (asRaw(asRaw(variants)?.[variant]) ?? {})
  const path = variant === undefined ? [] : ['variants', variant]
  const all = [
    { at: [], raw: base },
    { at: path, raw: rest },
    { at: ['brief'], raw: brief ? asRaw(ownBrief) : undefined },
    { at: [...path, 'brief'], raw: brief ? asRaw(variantBrief) : undefined },
  ]
  return all.flatMap(({ at, raw: part }) => (part === undefined ? [] : [{ at, raw: part }]))
}

export class Merged {
  readonly #root: Node

  constructor(layers: readonly Layer[]) {
    this.#root = layers.reduce<Node>((under, { at, raw }) => merge(under, raw, at), {
      at: [],
      keys: new Map(),
    })
  }

  get raw(): Raw {
    return contentOf(this.#root) as Raw
  }

  /** Where a path of the merged scenario stands in the file; what is missing, where its owner is first described. */
  originOf(path: Path): Path {
    let node = this.#root
    for (const [depth, key] of path.entries()) {
      const next = node.keys?.get(String(key))
      if (next === undefined) return [...node.at, ...path.slice(depth)]
      node = next
    }
    return node.at
  }
}

/** Either a value as one layer says it, or a mapping that several have a part in. */
interface Node {
  readonly at: Path
  readonly value?: unknown
  readonly keys?: ReadonlyMap<string, Node>
}

const WHOLE = new Set<string>(REPLACED)

function merge(under: Node, over: Raw, at: Path): Node {
  const keys = new Map(under.keys ?? nodesOf(asRaw(under.value) ?? {}, under.at))
  for (const [key, value] of Object.entries(over)) {
    const below = keys.get(key)
    const [lower, upper] = [asRaw(below && contentOf(below)), asRaw(value)]
    const mergeable =
      below !== undefined && lower !== undefined && upper !== undefined && !WHOLE.has(key)
    keys.set(
      key,
      mergeable && sameKind(lower, upper)
        ? merge(below, upper, [...at, key])
        : { at: [...at, key], value },
    )
  }
  return { at: under.at, keys }
}

function nodesOf(raw: Raw, at: Path): Map<string, Node> {
  return new Map(Object.entries(raw).map(([key, value]) => [key, { at: [...at, key], value }]))
}

function contentOf({ keys, value }: Node): unknown {
  if (keys === undefined) return value
  return Object.fromEntries([...keys].map(([key, node]) => [key, contentOf(node)]))
}

/** The keys that say which distribution an object is, the first of which no other object has. */
const TELLING = ['dist', 'mean', 'p50', 'p99']
const DISTRIBUTION = [...TELLING, 'value', 'min', 'max', 'values', 'file', 'of']

/** Objects of another kind, or distributions of another shape, replace each other. */
function sameKind(below: Raw, above: Raw): boolean {
  if (above.kind !== undefined && above.kind !== below.kind) return false
  if (![below, above].some((raw) => TELLING.some((key) => key in raw))) return true
  if (above.dist !== undefined && above.dist !== below.dist) return false
  const shape = (raw: Raw) => DISTRIBUTION.filter((key) => key in raw).join()
  return shape(above) === '' || shape(above) === shape(below)
}

/**
 * Where a variant and the base's brief both replace a key, the brief would undo the variant:
 * the variant's own brief must then say what it means. The keys for which it does not.
 */
export function undoneByBrief(raw: Raw, variant: string): string[] {
  const chosen = asRaw(asRaw(raw.variants)?.[variant]) ?? {}
  const brief = asRaw(raw.brief) ?? {}
  const own = asRaw(chosen.brief) ?? {}
  return REPLACED.filter((key) => key in chosen && key in brief && !(key in own))
}

export function asRaw(value: unknown): Raw | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Raw)
    : undefined
}
