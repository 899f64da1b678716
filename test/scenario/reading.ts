// Writes scenario files into a folder of their own and reads them: what they mean, or why they are refused.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BadInputError } from '../../src/base/errors.ts'
import { readScenario } from '../../src/scenario/read.ts'
import { faults, type Resolved } from '../../src/scenario/schema.ts'

/** As messages list them. */
export const FAULT_KINDS = faults.map(({ kind }) => kind).sort()
export const FAULTS = FAULT_KINDS.join(', ')

export type Files = Readonly<Record<string, string | Uint8Array>>

/** Three lines that are right; what follows them begins in line 4. */
export const RIGHT =
  'name: x\npipeline: {kind: inference}\nload: {kind: arrivals, rate: 1/s, for: 1m}\n'

/** Far from any package.json, as a user's file may lie. */
/** RIGHT with more options of the pipeline. */
export const withPipeline = (options: string) =>
  RIGHT.replace('kind: inference', `kind: inference, ${options}`)

/** RIGHT with another load. */
export const withLoad = (load: string) => RIGHT.replace('kind: arrivals, rate: 1/s, for: 1m', load)

export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'aftershock-test-'))

  constructor(files: Files = {}) {
    this.add(files)
  }

  add(files: Files): void {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(this.path, name)), { recursive: true })
      writeFileSync(join(this.path, name), content)
    }
  }

  /** Messages name files as they were given: here, without the folder. */
  plain(message: string): string {
    return message.replaceAll(`${this.path}/`, '')
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true })
  }
}

/** What is said of a file that is refused, one line for each problem. */
export async function refusal(files: Files, name = Object.keys(files)[0] ?? ''): Promise<string[]> {
  using folder = new Folder(files)
  try {
    await readScenario(join(folder.path, name))
  } catch (error) {
    if (!(error instanceof BadInputError) || error.exitCode !== 104) throw error
    return folder.plain(error.message).split('\n')
  }
  return ['it was accepted']
}

export async function resolved(
  text: string,
  variant = 'default',
  brief = false,
): Promise<Resolved> {
  using folder = new Folder({ 'x.yaml': text })
  return (await readScenario(join(folder.path, 'x.yaml'))).resolve(variant, brief)
}

export interface Outcome {
  readonly ok?: unknown
  readonly refused?: readonly string[]
}

/** What of a file is wanted: its first variant, whole or brief, or what is written in it. */
export type Wanted = 'whole' | 'brief' | 'written'

/** Reads modules as Node does; the test runner would compile them by rules of its own. */
export function readModules(
  cwd: string,
  names: readonly string[],
  wanted: Wanted = 'whole',
): Record<string, Outcome> {
  const script = fileURLToPath(new URL('read-modules.ts', import.meta.url))
  const args = [script, wanted, ...names]
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }))
}
