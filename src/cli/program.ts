// The commands and their flags. Everything heavy is loaded by the verb that needs it.
import { Command, CommanderError, Option } from 'commander'
import { EXIT_MEANINGS, ExitCode } from '../base/errors.ts'
import { suggestion } from '../base/suggest.ts'
import { VERSION } from '../base/version.ts'
import type { Wanted } from './catalogue.ts'
import { complain, type Environment, usageError } from './complain.ts'
import { addOneRunFlags, addRunFlags, addUpFlags, type Flags, readSwitches } from './flags.ts'

export { complain }

const EXAMPLES = `
Examples:
  aftershock                                                replay the bundled incidents
  aftershock run scenarios/inference/heartbeat-loss.ts      every variant of one scenario
  aftershock run incident.yaml --variant fix --seeds 30     one variant, thirty seeds
  aftershock list 'no algorithm for task type'              which scenario shows this symptom
  aftershock list --faults                                  every fault, and whether both worlds were compared
  aftershock validate incident.yaml                         check a file without running it
  aftershock trace lost incident.yaml                       the life of the first item that was lost
  aftershock compare before.json after.json                 what differs between two summaries
  aftershock doctor                                         what this machine can run
  aftershock run incident.yaml --world real --speed 10      on a real object store, over sockets
  aftershock up incident.yaml                               its parts and mocks alone, for your own system

Every flag has a variable: --seeds 30 is AFTERSHOCK_SEEDS=30. Exit codes:
${Object.entries(EXIT_MEANINGS)
  .map(([code, [short]]) => `${code} ${short}`)
  .join(', ')}.`

/** Below the help of each command. */
const EXAMPLES_OF: Readonly<Record<string, readonly string[]>> = {
  run: [
    'run incident.yaml',
    'run incident.yaml --variant fix --seeds 30',
    'run incident.yaml --reporter console,junit=junit.xml --timeout 15m',
    'run incident.yaml --summary-export base.json',
    'run incident.yaml --baseline base.json --seeds 30',
    'run incident.yaml --world real --brief --speed 10',
    'run --replay reports/incident/latest/summary.json',
  ],
  list: ['list', "list 'no algorithm for task type'", 'list 图片不存在', 'list --faults'],
  trace: [
    'trace lost incident.yaml',
    'trace 17 incident.yaml --variant fix',
    'trace skipped incident.yaml --seed 3',
  ],
  up: ['up incident.yaml', 'up incident.yaml --host analyser=http://127.0.0.1:5066 --faults'],
  compare: ['compare before.json after.json'],
  validate: ['validate scenarios/*.yaml'],
  doctor: ['doctor'],
}

const SCENARIO_FILE = /\.(m?[jt]s|ya?ml|json)$/i

/** Runs the command line; the exit code. */
export async function main(args: readonly string[], environment: Environment): Promise<ExitCode> {
  let code: ExitCode = ExitCode.pass
  const program = build(environment, (result) => {
    code = result
  })
  try {
    await program.parseAsync(withVerb(args, program), { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? ExitCode.pass : ExitCode.badScenario
    return complain(error, environment)
  }
}

/** Without a verb, flags are those of `run`. A pasted line that begins with a dash is none. */
function withVerb(args: readonly string[], program: Command): string[] {
  const [first] = args
  if (first === undefined) return ['run']
  if (first === 'list' && args.some((arg) => /^-.*\s/s.test(arg)))
    return ['list', '--', ...args.slice(1).filter((arg) => arg !== '--')]
  if (first.startsWith('-'))
    return ['-h', '--help', '-V', '--version'].includes(first) ? [...args] : ['run', ...args]
  if (SCENARIO_FILE.test(first) && !program.commands.some((c) => c.name() === first))
    throw usageError(
      `unknown command '${first}'; to run that file: aftershock run ${args.join(' ')}`,
    )
  return [...args]
}

function build(environment: Environment, done: (code: ExitCode) => void): Command {
  const program = new Command('aftershock')
    .description(
      'Replays a production incident from a scenario file and says whether the fix holds.',
    )
    .version(VERSION)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(inOneLine(text)) })
    .showHelpAfterError('  aftershock --help shows how it is used.')
    .addHelpText('after', EXAMPLES)
  addRunFlags(program.command('run'))
    .description('run scenarios and judge them')
    .argument('[files...]', 'scenario files; none: the bundled incidents')
    .action(async (files: string[], flags: Record<string, unknown>) => {
      const { runFiles } = await import('./run.ts')
      done(await runFiles(files, readSwitches(flags, environment), environment))
    })
  program
    .command('list')
    .description('the bundled scenarios, or those that show a symptom; faults; load models')
    .argument('[symptom...]', 'a log line or an error, as seen')
    .option('--faults', 'every fault, and whether its two worlds were ever compared')
    .option('--loads', 'every load model')
    .addOption(new Option('--no-color', 'plain text (env: NO_COLOR)'))
    .action(async (words: string[], flags: Flags & Wanted) => {
      if (flags.faults !== true && flags.loads !== true)
        done(await (await import('./list.ts')).list(words.join(' '), environment))
      else if (words.length > 0)
        throw usageError('list: a symptom finds scenarios; leave it out to list faults or loads')
      else done((await import('./catalogue.ts')).catalogue(flags, flags, environment))
    })
  addOneRunFlags(program.command('trace'))
    .description("one item's life in ten lines, from offer to fate")
    .argument('<item>', 'its key or number, or the first that is lost, failed, skipped …')
    .argument('<file>', 'a scenario file')
    .action(async (item: string, file: string, flags: Record<string, unknown>) => {
      const { trace } = await import('./trace.ts')
      done(await trace(item, file, readSwitches(flags, environment), environment))
    })
  addUpFlags(program.command('up'))
    .description("a scenario's parts, mocks and interposers alone, until Ctrl-C")
    .argument('<file>', 'a scenario file')
    .action(async (file: string, flags: Record<string, unknown>) => {
      const { up } = await import('./up.ts')
      done(await up(file, readSwitches(flags, environment), environment))
    })
  program
    .command('compare')
    .description('two summaries, paired by seed: what differs, and how sure that is')
    .argument('<a>', 'a summary, as --summary-export writes it')
    .argument('<b>', 'another')
    .addOption(new Option('--no-color', 'plain text (env: NO_COLOR)'))
    .action(async (a: string, b: string, flags: Flags) =>
      done(await (await import('./compare.ts')).compare(a, b, flags, environment)),
    )
  program
    .command('validate')
    .description('check scenario files without running them')
    .argument('<files...>', 'scenario files')
    .action(async (files: string[]) =>
      done(await (await import('./validate.ts')).validate(files, environment)),
    )
  program
    .command('doctor')
    .description('what this machine can run, and the commands that add the rest')
    .addOption(new Option('--no-color', 'plain text (env: NO_COLOR)'))
    .action(async (flags: Flags) =>
      done(await (await import('./doctor.ts')).doctor(flags, environment)),
    )
  for (const command of program.commands) {
    const lines = (EXAMPLES_OF[command.name()] ?? []).map((line) => `  aftershock ${line}\n`)
    command.addHelpText('after', `\nExamples:\n${lines.join('').trimEnd()}`)
  }
  return program
}

/** Commander's words in our form: `aftershock: unknown option '--sed'; did you mean '--seed'?` */
function inOneLine(text: string): string {
  const words = text
    .trim()
    .replace(/^error: /, '')
    .replace(/ is invalid\. I/, ' is invalid: i')
    .replace(
      /'([^']*)'( from env '[^']*')? is invalid\. Allowed choices are (.*)\.$/,
      (_, word: string, from = '', choices: string) =>
        `'${word}'${from} is invalid${suggestion(word, choices.split(', '))}`,
    )
    .replace(/\s*\(Did you mean (.*)\?\)$/, "; did you mean '$1'?")
  return `aftershock: ${words}\n`
}
