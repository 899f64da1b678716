// The commands and their flags. Everything heavy is loaded by the verb that needs it.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { AftershockError, ExitCode } from '../base/errors.ts'
import { VERSION } from '../base/version.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Runs the command line; the exit code. */
export async function main(args: readonly string[], environment: Environment): Promise<ExitCode> {
  let code: ExitCode = ExitCode.pass
  const program = build(environment, (result) => {
    code = result
  })
  try {
    await program.parseAsync(args.length === 0 ? ['run'] : [...args], { from: 'user' })
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.pass : ExitCode.badScenario
    return complain(error, environment)
  }
}

/** One message, never a stack, unless the trouble is our own and somebody asks for it. */
export function complain(error: unknown, environment: Environment): ExitCode {
  const known = error instanceof AftershockError
  const message = known ? error.message : `internal error: ${error instanceof Error ? error.message : String(error)}`
  process.stderr.write(`aftershock: ${message}\n`)
  if (known && error.hint !== undefined) process.stderr.write(`  ${error.hint}\n`)
  if (!known && error instanceof Error && environment.AFTERSHOCK_DEBUG !== undefined) process.stderr.write(`${error.stack}\n`)
  return known ? error.exitCode : ExitCode.ourBug
}

function build(environment: Environment, done: (code: ExitCode) => void): Command {
  const program = new Command('aftershock')
    .description('Replays a production incident from a scenario file and says whether the fix holds.')
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(aftershock --help lists the commands)')
    .addHelpText(
      'after',
      `
Examples:
  aftershock                                                replay the bundled incidents
  aftershock run scenarios/inference/heartbeat-loss.ts      every variant of one scenario
  aftershock run incident.yaml --variant fix --seeds 30     one variant, thirty seeds
  aftershock list 'no algorithm for task type'              which scenario shows this symptom
  aftershock validate incident.yaml                         check a file without running it

Every flag has a variable: --seeds 30 is AFTERSHOCK_SEEDS=30. Exit codes: 0 as expected, 99 breached,
104 bad scenario or usage, 105 interrupted, 107 your code threw, 109 our bug, 111 inconclusive.`,
    )
  runCommand(program, environment, done)
  program
    .command('list')
    .description('the bundled scenarios, or those that show a symptom')
    .argument('[symptom]', 'a log line or an error, as seen')
    .action(async (symptom: string | undefined) => done(await (await import('./list.ts')).list(symptom)))
  program
    .command('validate')
    .description('check scenario files without running them')
    .argument('<files...>', 'scenario files')
    .action(async (files: string[]) => done(await (await import('./validate.ts')).validate(files)))
  return program
}

function runCommand(program: Command, environment: Environment, done: (code: ExitCode) => void): void {
  const flag = (flags: string, help: string) => {
    const option = new Option(flags, help)
    return option.env(`AFTERSHOCK_${option.name().replaceAll('-', '_').toUpperCase()}`)
  }
  program
    .command('run')
    .description('run scenarios and judge them')
    .argument('[files...]', 'scenario files; none: the bundled incidents')
    .addOption(flag('--seed <n>', 'the seed, or the first of several').argParser(whole).default(1))
    .addOption(flag('--seeds <n>', 'how many seeds').argParser(positive).default(1))
    .addOption(flag('--variant <names...>', 'these variants only'))
    .addOption(flag('--brief', 'the same incidents in small'))
    .addOption(flag('--world <world>', 'where to run').choices(['virtual']).default('virtual'))
    .addOption(flag('--reporter <list>', 'console, json, or json=FILE; several by comma').default('console'))
    .addOption(flag('--summary-export <file>', 'write the summary, aftershock/summary/v1'))
    .addOption(flag('--timeout <duration>', 'stop after this much wall time'))
    .addOption(flag('--bail', 'stop at the first variant that does not pass'))
    .addOption(flag('--quiet', 'no report on the console'))
    .addOption(new Option('--no-color', 'plain text'))
    .addHelpText('after', "\nWith --seeds the unit is the run: every seed must pass, and one that does not is printed with its command.")
    .action(async (files: string[], flags: Record<string, unknown>) => {
      const { runFiles } = await import('./run.ts')
      done(await runFiles(files, flags as never, environment))
    })
}

function whole(text: string): number {
  const n = Number(text)
  if (!Number.isSafeInteger(n) || n < 0) throw new InvalidArgumentError('It must be a whole number, 0 or more.')
  return n
}

function positive(text: string): number {
  const n = whole(text)
  if (n < 1 || n > 100_000) throw new InvalidArgumentError('It must lie between 1 and 100,000.')
  return n
}
