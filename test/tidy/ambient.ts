// House rules about what comes from nowhere: the machine's clock, its chance, its environment.
import { everyNode, type Node, nameOf, type Rule, type Source } from './source.ts'

const CORE = /^(src|mocks|scenarios)\//

const OUTSIDE = ['src/worlds/real/', 'src/cli/']

/** Reasoned exceptions: `path what`. Each has to be true still, or it is a complaint itself. */
export const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/worlds/virtual/clock.ts setImmediate': "the clock's one drain",
  'src/worlds/store/amz-date.ts new Date(…)': 'formats a date that it is given',
  'src/worlds/store/amz-date.ts Date.UTC': 'reads a date that it is given',
  'src/scenario/schema.ts Date.parse': 'reads a date that it is given',
  'src/scenario/data-file.ts Date.parse': 'reads a date that it is given',
  'src/worlds/virtual/exits.ts performance': 'keeps code of users from it',
  'src/worlds/virtual/exits.ts process.hrtime': 'keeps code of users from it',
  'src/worlds/virtual/drain.ts process.nextTick': "probes the clock's drain",
  'src/scenario/module-file.ts setImmediate': 'lets what a loading module left behind show itself',
  'src/scenario/module-file.ts process.exit': 'keeps a loading module from ending the program',
}

/** Global names that must not be used at all, and members of global objects that must not be. */
const NAMES = ['performance', 'setTimeout', 'setInterval', 'setImmediate', 'Date']

const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  AbortSignal: ['timeout'],
  Math: ['random'],
  crypto: ['randomUUID', 'getRandomValues'],
  process: ['env', 'argv', 'exit', 'exitCode', 'hrtime', 'uptime', 'nextTick'],
}

/** Of these only the front door may speak; the real world hands its children an environment. */
const FRONT_DOOR = ['env', 'argv', 'exit', 'exitCode']

const MAIN = 'src/cli/main.ts'

interface Use {
  readonly what: string
  readonly line: number
}

/** The clock, chance and the environment come through a world's ports, so that a run depends on its seed alone. */
export const ambient: Rule = (sources) =>
  sources
    .filter(({ path }) => CORE.test(path))
    .flatMap((source) =>
      usesIn(source)
        .filter(
          ({ what }) =>
            !isAllowed(source.path, what) && EXCEPTIONS[`${source.path} ${what}`] === undefined,
        )
        .map(({ what, line }) => `${source.path}:${line}: uses ${what}`),
    )

export const exceptionsAreUsed: Rule = (sources) => {
  const used = new Set(
    sources.flatMap((source) => usesIn(source).map(({ what }) => `${source.path} ${what}`)),
  )
  return Object.keys(EXCEPTIONS)
    .filter((exception) => !used.has(exception))
    .map((exception) => `test/tidy/ambient.ts:1: the exception '${exception}' is no longer needed`)
}

function isAllowed(path: string, what: string): boolean {
  if (path.startsWith('src/worlds/real/') || path === MAIN) return true
  const member = what.startsWith('process.') ? what.slice('process.'.length) : ''
  return !FRONT_DOOR.includes(member) && OUTSIDE.some((folder) => path.startsWith(folder))
}

function usesIn(source: Source): Use[] {
  // By place: `{ performance }` is both a key and a value there.
  const uses = new Map<number, Use>()
  everyNode(source, (node, above) => {
    const what = node.type === 'Identifier' ? ambientUse(node, above) : undefined
    if (what !== undefined) uses.set(node.start, { what, line: source.lineOf(node) })
  })
  return [...uses.values()]
}

function ambientUse(node: Node, above: readonly Node[]): string | undefined {
  const name = String(node.name)
  const parent = above.at(-1)
  if (parent === undefined || isNameOnly(node, parent)) return undefined
  if (name === 'randomUUID') return name
  const member =
    parent.type === 'MemberExpression' && parent.object === node
      ? nameOf(parent.property)
      : undefined
  if (name in MEMBERS)
    return member !== undefined && MEMBERS[name]?.includes(member) === true
      ? `${name}.${member}`
      : undefined
  if (name === 'globalThis')
    return member !== undefined && [...NAMES, ...Object.keys(MEMBERS)].includes(member)
      ? `globalThis.${member}`
      : undefined
  if (!NAMES.includes(name)) return undefined
  if (name !== 'Date') return name
  if (member !== undefined) return `Date.${member}`
  const given = parent.type === 'NewExpression' && (parent.arguments as readonly Node[]).length > 0
  return given ? 'new Date(…)' : 'Date'
}

/** `x.performance`, `{ performance: … }` and types name something else of that name. */
function isNameOnly(node: Node, parent: Node): boolean {
  if (parent.type === 'MemberExpression')
    return parent.property === node && parent.computed === false
  if (
    parent.type === 'Property' ||
    parent.type === 'PropertyDefinition' ||
    parent.type === 'MethodDefinition'
  )
    return parent.key === node && parent.computed === false && parent.shorthand !== true
  return (
    parent.type.startsWith('TS') &&
    !['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression'].includes(parent.type)
  )
}
