// The flags of `run`: each also a variable, AFTERSHOCK_ and its name.
import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Environment, usageError } from './complain.ts'

export interface Flags {
  readonly seed: number
  readonly seeds: number
  readonly variant?: readonly string[]
  readonly brief: boolean
  readonly reporter: string
  readonly summaryExport?: string
  /** False: `--no-out-dir`. */
  readonly outDir?: string | false
  readonly baseline?: string
  readonly inconclusive: 'fail' | 'warn'
  readonly retryInconclusive: number
  readonly replay?: string
  readonly timeout?: string
  readonly events?: string
  readonly workers?: number
  readonly world: 'virtual' | 'real' | 'both'
  readonly speed: number
  /** The file of a system of the user's own. */
  readonly against?: string
  readonly objects: string
  readonly objectsImage?: string
  readonly redis: string
  readonly database: string
  readonly allowTarget?: readonly string[]
  readonly bind: 'loopback' | 'bridge'
  /** `name=port`. */
  readonly listen?: readonly string[]
  readonly keep: boolean
  /** Of `up`. */
  readonly faults: boolean
  readonly checkDeterminism: boolean
  readonly bail: boolean
  readonly quiet: boolean
  readonly color: boolean
}

const MOST_SEEDS = 100_000
const MOST_WORKERS = 512
const MOST_SPEED = 1_000
const LARGEST_SEED = Number.MAX_SAFE_INTEGER - MOST_SEEDS

/** In the order of the help. */
function optionsOf(): readonly Option[] {
  const flag = (flags: string, help: string) => {
    const option = new Option(flags, help)
    return option.env(variableOf(option.name()))
  }
  return [
    flag('--seed <n>', 'the seed, or the first of several')
      .argParser(between(0, LARGEST_SEED))
      .default(1),
    flag('--seeds <n>', 'how many seeds').argParser(between(1, MOST_SEEDS)).default(1),
    flag('--variant <names>', 'these variants only: several by comma, or the flag again').argParser(
      collect,
    ),
    aSwitch('brief', 'the same incidents in small'),
    flag('--world <world>', 'where to run; both: the brief in the two, and how far they differ')
      .choices(['virtual', 'real', 'both'])
      .default('virtual'),
    flag(
      '--against <file>',
      'run load, faults and thresholds on the system that a file describes, and compare the model with it',
    ),
    flag('--speed <factor>', 'how much faster than the wall the real world runs')
      .argParser(speed)
      .default(1),
    flag(
      '--objects <provider>',
      'the object store of the real world: auto, container, binary, embedded, url, or its URL',
    ).default('auto'),
    flag('--objects-image <image>', 'which server the container runs'),
    flag(
      '--redis <provider>',
      'the Redis of pipelines with queues: auto, container, binary, url, or its URL',
    ).default('auto'),
    flag('--database <provider>', 'the PostgreSQL of pipelines with rows, likewise').default(
      'auto',
    ),
    flag(
      '--allow-target <host>',
      'a target beyond loopback that may be used; the flag again for more',
    ).argParser(collect),
    flag(
      '--listen <name=port>',
      'a fixed port of the real world, such as objects=9000; the flag again for more',
    ).argParser(collect),
    flag('--bind <where>', 'who reaches the real world: this machine, or its containers as well')
      .choices(['loopback', 'bridge'])
      .default('loopback'),
    flag(
      '--out-dir <dir>',
      'where the reports of every run go; default: reports, and nowhere with --quiet',
    ),
    new Option('--no-out-dir', 'write no reports but those that other flags name'),
    flag(
      '--reporter <list>',
      'console, html, junit, markdown, json, annotations, or the path of your own; each may have =FILE; several by comma',
    ).default('console'),
    aSwitch('keep', 'leave the real world up when it is done, and say how to reach and end it'),
    flag('--summary-export <file>', 'write the summary, aftershock/summary/v1'),
    flag('--baseline <file>', 'an earlier summary: fail where it was better, beyond noise'),
    flag('--inconclusive <what>', 'what runs that tell nothing do to the exit code: fail or warn')
      .choices(['fail', 'warn'])
      .default('fail'),
    flag('--retry-inconclusive <n>', 'so many further seeds where a variant is inconclusive')
      .argParser(between(0, MOST_SEEDS))
      .default(0),
    flag('--replay <file>', 'run what a summary holds again, and say where it differs'),
    flag('--events <file>', 'write every event of every run, one JSON a line'),
    aSwitch('check-determinism', 'do every run twice and name the first event that differs'),
    flag('--workers <n>', 'runs at a time, a thread each; default: the cores').argParser(
      between(1, MOST_WORKERS),
    ),
    flag('--timeout <duration>', 'stop after this much wall time'),
    aSwitch('bail', 'stop at the first variant that does not pass'),
    aSwitch('quiet', 'no report on the console'),
    new Option('--no-color', 'plain text (env: NO_COLOR)'),
  ]
}

export function addRunFlags(command: Command): Command {
  for (const option of optionsOf()) command.addOption(option)
  return command.addHelpText(
    'after',
    '\nWith --seeds the unit is the run: every seed must pass, and one that does not is printed with its command.',
  )
}

/** Of the flags of `run`, those that a command about a single run takes. */
export function addOneRunFlags(command: Command): Command {
  const taken = ['seed', 'variant', 'brief', 'no-color']
  for (const option of optionsOf()) if (taken.includes(option.name())) command.addOption(option)
  return command
}

/** Of the flags of `run`, those that say where a scenario stands, and what `up` has beside them. */
export function addUpFlags(command: Command): Command {
  const taken = [
    ...['variant', 'brief', 'seed', 'speed', 'objects', 'objects-image', 'redis', 'database'],
    ...['allow-target', 'listen', 'bind'],
  ]
  for (const option of optionsOf()) if (taken.includes(option.name())) command.addOption(option)
  command.addOption(
    new Option(
      '--host <name=url>',
      "where a host of the system's own listens; the flag again for more",
    ).argParser(collect),
  )
  command.addOption(aSwitch('faults', "play the scenario's faults, counted from the start"))
  return command.addOption(new Option('--no-color', 'plain text (env: NO_COLOR)'))
}

function aSwitch(name: string, help: string): Option {
  return new Option(`--${name}`, `${help} (env: ${variableOf(name)})`)
}

function variableOf(name: string): string {
  return `AFTERSHOCK_${name.replaceAll('-', '_').toUpperCase()}`
}

const SWITCHES = [
  ['brief', 'brief'],
  ['check-determinism', 'checkDeterminism'],
  ['keep', 'keep'],
  ['faults', 'faults'],
  ['bail', 'bail'],
  ['quiet', 'quiet'],
] as const
const TRUE = ['1', 'true', 'yes', 'on']
const FALSE = ['', '0', 'false', 'no', 'off']

/** Adds the flags that take no value, from the command line or, unlike Commander, from what their variables say. */
export function readSwitches(flags: Record<string, unknown>, environment: Environment): Flags {
  const switches = SWITCHES.map(([flag, name]) => {
    const variable = variableOf(flag)
    const text = environment[variable]?.toLowerCase() ?? ''
    if (!TRUE.includes(text) && !FALSE.includes(text))
      throw usageError(`${variable}: '${text}' is neither 1 nor 0`)
    return [name, flags[name] === true || TRUE.includes(text)] as const
  })
  return { ...(flags as unknown as Flags), ...Object.fromEntries(switches) }
}

function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (number >= least && number <= most) return number
    throw new InvalidArgumentError(
      `It takes a whole number from ${least} to ${most.toLocaleString('en')}.`,
    )
  }
}

function collect(names: string, before: readonly string[] = []): readonly string[] {
  return [
    ...before,
    ...names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ]
}

function speed(text: string): number {
  const number = Number(text)
  if (/^\d+(\.\d+)?$/.test(text) && number > 0 && number <= MOST_SPEED) return number
  throw new InvalidArgumentError(`It takes a number up to ${MOST_SPEED}, such as 10 or 0.5.`)
}
