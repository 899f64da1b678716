// Turns what zod found into sentences: what is wrong, and the nearest valid word or the cure. One for each mistake.
import type { z } from 'zod'
import { nearest, suggestion } from '../base/suggest.ts'
import { given, mismatch } from './cure.ts'
import {
  type Found,
  type Problem,
  type Root,
  unknownKey,
  unknownKind,
  unknownTag,
} from './key-problems.ts'
import { oneForEachMistake } from './mistakes.ts'
import { branchMeant, definition, literals, schemaAt, valueAt, wanted } from './schema-walk.ts'
import type { Path } from './source.ts'

export type { Problem } from './key-problems.ts'

type Issue = z.core.$ZodIssue

export function problemsOf(issues: readonly Issue[], schema: z.ZodType, value: unknown): Problem[] {
  const found = issues.flatMap((issue) => sentences(issue, { schema, value }, []))
  return oneForEachMistake(found).map(({ path, message, on }) =>
    on === undefined ? { path, message } : { path, message, on },
  )
}

/** `branch`: of a union at `above`, the one that the issue is about. */
function sentences(issue: Issue, root: Root, above: Path, branch?: z.ZodType): Found[] {
  const path = [...above, ...issue.path]
  const here = valueAt(root.value, path)
  const schema = () =>
    (issue.path.length === 0 ? branch : undefined) ?? schemaAt(root.schema, root.value, path)
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, root, path))
    case 'invalid_union':
      return 'discriminator' in issue ? [unknownKind(root, path)] : ofUnion(issue, root, path)
    case 'invalid_type':
    case 'invalid_value':
      return [wrongValue(schema(), here, path)]
    case 'too_small':
    case 'too_big':
      return [{ path, is: 'bound', message: bound(issue, here) }]
    case 'invalid_key':
      return issue.issues
        .slice(0, 1)
        .map(({ message }) => ({ path, on: 'key', is: 'other', message }))
    case 'custom':
      return [{ path, is: typeof here === 'object' ? 'rule' : 'other', message: issue.message }]
    default:
      return [{ path, is: 'format', message: issue.message }]
  }
}

/** What is wrong with the branch that was meant, or that none was. */
function ofUnion(issue: z.core.$ZodIssueInvalidUnion, root: Root, path: Path): Found[] {
  const union = schemaAt(root.schema, root.value, path)
  const here = valueAt(root.value, path)
  const options = definition(union).options ?? []
  const index = branchMeant(options, here)
  const branch = options[index]
  if (branch === undefined || definition(branch).type === 'literal')
    return [wrongValue(union, here, path)]
  const tag = unknownTag(union, root.value, path)
  if (tag !== undefined) return [tag]
  const found = (issue.errors[index] ?? []).flatMap((inner) => sentences(inner, root, path, branch))
  const isTagged = valueAt(here, ['dist']) !== undefined
  if (isTagged || options.filter((o) => definition(o).shape).length < 2 || !isOfNone(found))
    return found
  return [{ path, is: 'other', message: `needs ${wanted(union)}, not ${keysOf(here)}` }]
}

/** Keys of several branches, or of none. */
function isOfNone(found: readonly Found[]): boolean {
  return found.some((f) =>
    f.is === 'unknown key' ? f.meant === undefined : f.is === 'missing' && f.path.at(-1) === 'dist',
  )
}

function keysOf(here: unknown): string {
  const keys = Object.keys(here ?? {})
  return keys.length === 0 ? given(here) : `{${keys.join(', ')}}`
}

function wrongValue(schema: z.ZodType | undefined, here: unknown, path: Path): Found {
  const { options = [], type, values, entries } = definition(schema)
  if (here === undefined) {
    const kinds = options.flatMap((option) => literals(option, 'kind')).join(', ')
    return {
      path,
      is: 'missing',
      message: `missing; needs ${wanted(schema)}${kinds && `: ${kinds}`}`,
    }
  }
  const words = [
    ...(values ?? Object.values(entries ?? {})),
    ...options.flatMap((o) => definition(o).values ?? []),
  ]
  const known = words.filter((word) => typeof word === 'string')
  const isWord = type === 'enum' || type === 'literal'
  if (typeof here === 'string' && (isWord || nearest(here, known) !== undefined))
    return { path, is: 'other', message: `unknown word ${given(here)}${suggestion(here, known)}` }
  return { path, is: 'other', message: mismatch(schema, here) }
}

function bound(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, here: unknown): string {
  const isLow = issue.code === 'too_small'
  const limit = isLow ? issue.minimum : issue.maximum
  if (issue.origin === 'string' && isLow) return 'must not be empty'
  if (issue.origin === 'array')
    return isLow ? 'needs at least one entry' : `takes at most ${limit} entries`
  const beyond =
    issue.inclusive === false ? (isLow ? 'above' : 'below') : isLow ? 'at least' : 'at most'
  return `must be ${beyond} ${limit.toLocaleString('en')}, not ${given(here)}`
}
