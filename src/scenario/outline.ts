// Checks the outline of a scenario file before anything is merged: its own keys, those of its variants and briefs.
import { suggestion } from '../base/suggest.ts'
import { given } from './cure.ts'
import { asRaw, type Raw, undoneByBrief } from './merge.ts'
import type { Problem } from './problems.ts'
import { IN_BRIEF, IN_VARIANT, TOP_LEVEL } from './schema.ts'
import type { Path } from './source.ts'

export interface Outline {
  /** What can be merged: mappings where they must be, known keys only. */
  readonly raw: Raw
  readonly variants: readonly string[]
  readonly hasBrief: boolean
  readonly problems: readonly Problem[]
}

/** As it can stand on a command line. */
export const VARIANT_NAME = /^[\p{L}\p{N}_.-]+$/u

export function outlineOf(whole: Raw): Outline {
  // For editors; what it says is theirs to check.
  const { $schema: _editors, ...raw } = whole
  const problems: Problem[] = []
  const cleared = (value: unknown, path: Path, known: readonly string[]): Raw | undefined => {
    if (value === undefined) return undefined
    const mapping = asRaw(value)
    if (mapping === undefined)
      problems.push({
        path,
        message: `needs a mapping, not ${given(value)}${path.length === 2 && value === null ? '; write {}' : ''}`,
      })
    const strangers = Object.keys(mapping ?? {}).filter((key) => !known.includes(key))
    problems.push(...strangers.map((key) => stranger(key, path, known)))
    return Object.fromEntries(Object.entries(mapping ?? {}).filter(([key]) => known.includes(key)))
  }
  const base = cleared(raw, [], TOP_LEVEL) ?? {}
  const named = cleared(raw.variants, ['variants'], Object.keys(asRaw(raw.variants) ?? {})) ?? {}
  if (
    raw.variants !== undefined &&
    asRaw(raw.variants) !== undefined &&
    Object.keys(named).length === 0
  )
    problems.push({ path: ['variants'], message: 'names no variant; leave it out' })
  const variants = Object.entries(named).map(([name, variant]) => {
    if (!VARIANT_NAME.test(name))
      problems.push({
        path: ['variants', name],
        on: 'key',
        message: `'${name}' is no name for a variant: it takes letters, digits, _ . -`,
      })
    const settings = cleared(variant, ['variants', name], IN_VARIANT) ?? {}
    const brief = cleared(settings.brief, ['variants', name, 'brief'], IN_BRIEF)
    return [name, brief === undefined ? settings : { ...settings, brief }] as const
  })
  const brief = cleared(raw.brief, ['brief'], IN_BRIEF)
  const clear: Raw = {
    ...base,
    ...(brief === undefined ? {} : { brief }),
    ...(variants.length === 0 ? {} : { variants: Object.fromEntries(variants) }),
  }
  return {
    raw: clear,
    variants: variants.map(([name]) => name),
    hasBrief: brief !== undefined || variants.some(([, variant]) => 'brief' in variant),
    problems: [
      ...problems,
      ...variants.flatMap(([name]) => undoneByBrief(clear, name).map((key) => undone(name, key))),
    ],
  }
}

function stranger(key: string, path: Path, known: readonly string[]): Problem {
  const at = { path: [...path, key], on: 'key' } as const
  if (path.length > 0 && TOP_LEVEL.includes(key))
    return { ...at, message: `'${key}' stands at the top of the file only` }
  return { ...at, message: `unknown key '${key}'${suggestion(key, known)}` }
}

function undone(variant: string, key: string): Problem {
  return {
    path: ['variants', variant, key],
    on: 'key',
    message: `the brief of the scenario sets ${key} too and would undo this; say what it is in variants.${variant}.brief.${key}`,
  }
}
