// A house rule about state: what one run leaves in a module the next one finds.
import { everyNode, isNode, type Node, nameOf, type Rule, type Source } from './source.ts'

const MUTATORS = [
  'set',
  'add',
  'delete',
  'clear',
  'push',
  'pop',
  'shift',
  'unshift',
  'splice',
  'sort',
  'reverse',
  'fill',
  'copyWithin',
]

/** Searches run many worlds in one thread: what one leaves in a module the next one finds. */
export const moduleState: Rule = (sources) =>
  sources
    .filter(({ path }) => /^(src|mocks|scenarios)\//.test(path) && !path.startsWith('src/cli/'))
    .flatMap((source) => [...lets(source), ...mutated(source), ...statics(source)])

function declarationsOf({ body }: Source): Node[] {
  const statements = body.map((s) =>
    s.type === 'ExportNamedDeclaration' && isNode(s.declaration) ? s.declaration : s,
  )
  return statements.filter((s) => s.type === 'VariableDeclaration' && s.declare !== true)
}

function lets(source: Source): string[] {
  return declarationsOf(source)
    .filter(({ kind }) => kind !== 'const')
    .map(
      (node) =>
        `${source.path}:${source.lineOf(node)}: '${String(node.kind)}' at the top of a module`,
    )
}

/** A constant of the module whose contents are changed somewhere in it. Known by its name alone. */
function mutated(source: Source): string[] {
  const constants = new Set(
    declarationsOf(source).flatMap((d) =>
      (d.declarations as Node[]).flatMap((v) => nameOf(v.id) ?? []),
    ),
  )
  const found: string[] = []
  everyNode(source, (node) => {
    const name = changedBy(node)
    if (name !== undefined && constants.has(name))
      found.push(
        `${source.path}:${source.lineOf(node)}: changes ${name}, which belongs to the module`,
      )
  })
  return found
}

function changedBy(node: Node): string | undefined {
  const rootOf = (member: unknown): string | undefined => {
    if (!isNode(member) || member.type !== 'MemberExpression' || !isNode(member.object))
      return undefined
    return member.object.type === 'Identifier' ? nameOf(member.object) : rootOf(member.object)
  }
  // Where a sticky pattern starts is an argument of its next use, for want of a better place.
  if (node.type === 'AssignmentExpression')
    return nameOf(node.left) === 'lastIndex' ? undefined : rootOf(node.left)
  if (node.type === 'UpdateExpression') return rootOf(node.argument)
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return rootOf(node.argument)
  if (
    node.type !== 'CallExpression' ||
    !isNode(node.callee) ||
    node.callee.type !== 'MemberExpression'
  )
    return undefined
  const { object, property } = node.callee
  if (nameOf(object) === 'Object' && nameOf(property) === 'assign')
    return nameOf((node.arguments as Node[])[0])
  return MUTATORS.includes(nameOf(property) ?? '') ? nameOf(object) : undefined
}

function statics(source: Source): string[] {
  const found: string[] = []
  everyNode(source, (node) => {
    if (node.type === 'PropertyDefinition' && node.static === true && node.readonly !== true)
      found.push(`${source.path}:${source.lineOf(node)}: a static field that is not readonly`)
  })
  return found
}
