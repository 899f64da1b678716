// The pipeline of one's own that tests run from a folder far from the program.
import { cpSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock, type Ended } from './aftershock.ts'

export const LOAD = 'load: {kind: arrivals, rate: 10/s, for: 10s}\n'

export interface Ran extends Ended {
  readonly runs: readonly RunResult[]
}

export function fixture(): Folder {
  const folder = new Folder()
  cpSync('test/fixtures/thumbnails', folder.path, { recursive: true })
  return folder
}

export async function run(folder: Folder, args: readonly string[], env = {}): Promise<Ran> {
  const flags = ['--summary-export', 'out.json', '--quiet', '--reporter', 'json']
  const ended = await aftershock(['run', ...args, ...flags], { cwd: folder.path, env })
  const { runs } = JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary
  return { ...ended, runs }
}
