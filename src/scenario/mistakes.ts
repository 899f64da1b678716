// One mistake often breaks several rules of a schema: this keeps the sentence that leads to it.
import type { Found } from './key-problems.ts'
import type { Path } from './source.ts'

export function oneForEachMistake(found: readonly Found[]): Found[] {
  const paths = found.map((f) => nameOf(f.path))
  const isWrongInside = (owner: Path) =>
    paths.some((path) => path.startsWith(nameOf(owner) + SEPARATOR))
  const meant = new Set(found.map((f) => nameOf([...ownerOf(f), f.meant ?? ''])))
  // Of several bounds the last is the narrowest: a field narrows the one that it is made from.
  const bounds = new Map(found.filter((f) => f.is === 'bound').map((f) => [nameOf(f.path), f]))
  return paired(found).filter((f) => {
    const path = nameOf(f.path)
    if (f.is === 'missing') return !meant.has(path)
    if (f.is === 'rule') return !isWrongInside(f.path)
    if (f.is === 'format') return !bounds.has(path)
    return f.is !== 'bound' || bounds.get(path) === f
  })
}

/** Where one key is unknown and one is missing, the one stands for the other, however unlike it is. */
function paired(found: readonly Found[]): Found[] {
  const of = (is: Found['is']) =>
    Map.groupBy(
      found.filter((f) => f.is === is),
      (f) => nameOf(ownerOf(f)),
    )
  const [unknown, missing] = [of('unknown key'), of('missing')]
  return found.flatMap((f) => {
    const [stranger, ...strangers] = unknown.get(nameOf(ownerOf(f))) ?? []
    const [absent, ...absentees] = missing.get(nameOf(ownerOf(f))) ?? []
    if (stranger === undefined || absent === undefined || stranger.meant !== undefined) return [f]
    if (strangers.length + absentees.length > 0 || (f !== stranger && f !== absent)) return [f]
    const message = `unknown key '${String(f.path.at(-1))}', and '${String(absent.path.at(-1))}' is missing`
    return f === stranger ? [{ ...f, message }] : []
  })
}

const SEPARATOR = '\u0000'

function nameOf(path: Path): string {
  return path.map(String).join(SEPARATOR)
}

function ownerOf({ path }: Found): Path {
  return path.slice(0, -1)
}
