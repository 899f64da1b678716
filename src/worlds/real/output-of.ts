// What a program says when it is asked for its version.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { Environment } from './journal.ts'

const WITHIN_MS = 10_000

/** Empty where it cannot be run, or does not answer. */
export async function outputOf(
  command: string,
  args: readonly string[],
  { PATH, HOME }: Environment,
): Promise<string> {
  try {
    const options = { env: { PATH, HOME }, timeout: WITHIN_MS }
    return (await promisify(execFile)(command, args, options)).stdout
  } catch {
    return ''
  }
}
