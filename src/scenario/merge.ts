// Merging: base ← variant ← brief ← the variant's brief.
import { REPLACED } from './schema.ts'

export type Raw = { readonly [key: string]: unknown }

const WHOLE = new Set<string>(REPLACED)
/** Keys that say which distribution an object is. */
const DISTRIBUTION = ['dist', 'mean', 'p50', 'p99', 'min', 'max', 'values', 'file', 'of']

export interface Layer {
  /** Where the layer's own keys stand in the file. */
  readonly at: readonly string[]
  readonly raw: Raw
}

/** The layers of one variant, weakest first. An undefined variant is the base alone. */
export function layersOf(raw: Raw, variant: string | undefined, brief: boolean): Layer[] {
  const { variants, brief: ownBrief, ...base } = raw
  const chosen = variant === undefined ? undefined : asRaw(asRaw(variants)?.[variant])
  const { brief: variantBrief, ...rest } = chosen ?? {}
  const layer = (at: readonly string[], part: unknown): Layer[] => {
    const found = asRaw(part)
    return found === undefined ? [] : [{ at, raw: found }]
  }
  const path = variant === undefined ? [] : ['variants', variant]
  return [
    { at: [], raw: base },
    ...layer(path, chosen === undefined ? undefined : rest),
    ...(brief ? [...layer(['brief'], ownBrief), ...layer([...path, 'brief'], variantBrief)] : []),
  ]
}

export function mergeLayers(layers: readonly Layer[]): Raw {
  return layers.reduce<Raw>((merged, { raw }) => merge(merged, raw), {})
}

function merge(under: Raw, over: Raw): Raw {
  const result: Record<string, unknown> = { ...under }
  for (const [key, value] of Object.entries(over)) {
    const below = asRaw(under[key])
    const above = asRaw(value)
    const mergeable = below !== undefined && above !== undefined && !WHOLE.has(key) && sameKind(below, above)
    result[key] = mergeable ? merge(below, above) : value
  }
  return result
}

/** Objects of another kind or another distribution replace each other. */
function sameKind(below: Raw, above: Raw): boolean {
  if (above.kind !== undefined && above.kind !== below.kind) return false
  const shape = (raw: Raw) => DISTRIBUTION.filter((key) => key in raw).join()
  const [was, is] = [shape(below), shape(above)]
  return is === '' || was === is
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

/** The path in the file of a path in the merged scenario: the strongest layer that has it. */
export function originOf(layers: readonly Layer[], path: readonly PropertyKey[]): PropertyKey[] {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length)
    const layer = layers.findLast(({ raw }) => has(raw, part))
    if (layer !== undefined && (length > 0 || layers.length === 1)) return [...layer.at, ...path]
  }
  return [...path]
}

function has(raw: unknown, path: readonly PropertyKey[]): boolean {
  let at: unknown = raw
  for (const key of path) {
    if (typeof at !== 'object' || at === null || !(key in at)) return false
    at = (at as Record<PropertyKey, unknown>)[key]
  }
  return true
}

export function asRaw(value: unknown): Raw | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Raw) : undefined
}
