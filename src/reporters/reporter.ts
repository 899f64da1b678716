// What a reporter is: it turns a summary into text, and knows nothing of where that goes.
import type { Summary } from '../run/result.ts'

export interface RenderOptions {
  readonly color: boolean
  /** Columns of the terminal, or of a plain file. */
  readonly width: number
  /** How the user calls this program, for commands to copy. */
  readonly command: string
}

export interface Reporter {
  readonly kind: string
  readonly help: string
  render(summary: Summary, options: RenderOptions): string | Promise<string>
}

/** For types: returns what it is given. */
export function defineReporter(reporter: Reporter): Reporter {
  return reporter
}
