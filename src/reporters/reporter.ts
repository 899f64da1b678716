// What a reporter is: it turns a summary into text, and knows nothing of where that goes.
import { quote } from '../base/shell.ts'
import type { Summary } from '../run/result.ts'

export interface RenderOptions {
  readonly color: boolean
  /** Columns of the terminal, or of a plain file. */
  readonly width: number
  /** How the user calls this program, for commands to copy. */
  readonly command: string
  /** The whole command that gives the same runs again; default: what the summary says of them. */
  readonly rerun?: string
  /** When the command began, ISO 8601. */
  readonly startedAt?: string
  /** Whether what tells nothing fails the gate; default `fail`. */
  readonly inconclusive?: 'fail' | 'warn'
  /** Where the other reports lie. */
  readonly reports?: readonly string[]
}

export interface Reporter {
  readonly kind: string
  readonly help: string
  /** Whether it draws the course of the runs, which is kept only where somebody does. */
  readonly charts?: true
  render(summary: Summary, options: RenderOptions): string | Promise<string>
}

/** For types: returns what it is given. */
export function defineReporter(reporter: Reporter): Reporter {
  return reporter
}

/** The command for one run of a summary, or for all of a file's. */
export function runCommand(
  command: string,
  run: {
    readonly file: string
    readonly world: string
    readonly brief: boolean
    readonly seed: number
    readonly environment?: { readonly speed: number }
  },
  { variant, seeds = 1 }: { readonly variant?: string; readonly seeds?: number } = {},
): string {
  return [
    `${command} run ${quote(run.file)}`,
    ...(variant === undefined ? [] : [`--variant ${quote(variant)}`]),
    ...(run.brief ? ['--brief'] : []),
    ...(run.world === 'virtual'
      ? []
      : [`--world ${run.world} --speed ${run.environment?.speed ?? 1}`]),
    `--seed ${run.seed}`,
    ...(seeds > 1 ? [`--seeds ${seeds}`] : []),
  ].join(' ')
}

/** What gives all runs of a summary again. */
export function rerunOf({ runs }: Summary, { command, rerun }: RenderOptions): string {
  const [first] = runs
  if (rerun !== undefined || first === undefined) return rerun ?? ''
  const files = [...new Set(runs.map((r) => quote(r.file)))].join(' ')
  const seeds = new Set(runs.map((r) => r.seed)).size
  return runCommand(command, first, { seeds }).replace(quote(first.file), files)
}
