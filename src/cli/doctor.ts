// `aftershock doctor`: what this machine can run, and the commands that add what it cannot.
import { ExitCode } from '../base/errors.ts'
import { VERSION } from '../base/version.ts'
import type { FaultDefinition } from '../faults/fault.ts'
import { columns, type Paint, painter } from '../reporters/text.ts'
import { faults } from '../scenario/schema.ts'
import { type Ability, HANDS, OF_ANOTHER_PROCESS, ON_THE_WIRE } from '../worlds/real/abilities.ts'
import { docker } from '../worlds/real/docker.ts'
import { examine, type Finding } from '../worlds/real/doctor.ts'
import { remedies } from '../worlds/real/remedies.ts'
import type { Environment } from './complain.ts'
import { isPlain } from './destinations.ts'
import type { Flags } from './flags.ts'

export async function doctor(flags: Flags, environment: Environment): Promise<ExitCode> {
  const paint = painter(!isPlain(flags, environment))
  const { platform, arch, versions } = process
  const { parts, faketime } = await examine(environment, docker, platform)
  const lines = [
    `${paint('bold', `aftershock ${VERSION}`)}, Node ${versions.node}, ${platform} ${arch}`,
    '',
    ...partTable(parts, paint),
    '',
    ...additions(parts, faketime, platform, paint),
    ...faultTable(faults, platform, faketime, paint),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  return ExitCode.pass
}

const MARKS = { here: '✓', missing: '✗', asked: '·' } as const
const STYLES = { here: 'green', missing: 'red', asked: 'dim' } as const

/** A row for each part and provider; the lines below tell more of it. */
function partTable(parts: readonly Finding[], paint: Paint): string[] {
  const heading = ['part', 'provider', '', ''].map((text) => paint('dim', text))
  const rows = parts.flatMap(({ part, provider, state, what }, i) =>
    what.map((line, n) => {
      const isFirst = n === 0
      return [
        isFirst && parts[i - 1]?.part !== part ? paint('bold', part) : '',
        isFirst ? provider : '',
        isFirst ? paint(STYLES[state], MARKS[state]) : '',
        isFirst ? line : paint('dim', line),
      ]
    }),
  )
  return columns([heading, ...rows])
}

/** The commands, each with what it is for. */
function additions(
  parts: readonly Finding[],
  faketime: boolean,
  platform: NodeJS.Platform,
  paint: Paint,
): string[] {
  const wanted = new Map<string, string[]>()
  const want = (add: string, what: string) => wanted.set(add, [...(wanted.get(add) ?? []), what])
  for (const { part, provider, add } of parts)
    if (add !== undefined) want(add, `${part} from ${provider}`)
  if (!faketime && platform === 'linux')
    want(remedies(platform).faketime, "clock.skew of another process's clock")
  if (wanted.size === 0) return []
  return [
    paint('bold', 'to add what is missing'),
    ...[...wanted].flatMap(([add, what]) => [
      `  ${paint('dim', `# ${what.join(', ')}`)}`,
      ...add.split('\n').map((line) => `  ${paint('cyan', line)}`),
    ]),
    '',
  ]
}

const SYSTEMS = { linux: 'linux', darwin: 'macos', win32: 'windows' } as const

function faultTable(
  all: readonly FaultDefinition[],
  platform: NodeJS.Platform,
  faketime: boolean,
  paint: Paint,
): string[] {
  const systems = Object.keys(SYSTEMS) as (keyof typeof SYSTEMS)[]
  const named = systems.map((s) => paint(s === platform ? 'bold' : 'dim', SYSTEMS[s]))
  const heading = [paint('dim', 'fault'), paint('dim', 'virtual'), ...named, paint('dim', 'how')]
  const yes = paint('green', '✓')
  const no = paint('dim', '–')
  /** One line for each hand that it needs: it works where all of them do. */
  const rowsFor = (
    name: string,
    isVirtual: boolean,
    abilities: readonly Ability[],
    isHere = true,
  ) => {
    const cells = [
      name,
      isVirtual ? yes : no,
      ...systems.map((s) => {
        if (!abilities.every(({ on }) => on.includes(s))) return no
        return s === platform && !isHere ? paint('red', '✗') : yes
      }),
    ]
    return abilities.map(({ how }, i) => [...(i === 0 ? cells : cells.map(() => '')), how])
  }
  const rows = all.flatMap(({ kind, hands = [] }) => [
    ...rowsFor(kind, true, hands.length === 0 ? [ON_THE_WIRE] : hands.map((hand) => HANDS[hand])),
    ...hands.flatMap((hand) => {
      const ability = OF_ANOTHER_PROCESS[hand]
      return ability === undefined ? [] : rowsFor('  another process', false, [ability], faketime)
    }),
  ])
  return [
    ...columns([heading, ...rows]),
    '',
    paint('dim', 'The systems are those of the real world.'),
  ]
}
