// Runs a scenario file by the built command line and tells how it ended: the exit code, verdicts and reasons.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { vi } from 'vitest'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { aftershock } from '../cli/aftershock.ts'
import { Folder } from '../scenario/reading.ts'

/** Real processes on a shared machine: no time is asserted, and none may be short. */
vi.setConfig({ testTimeout: 60_000 })

/** A small system under two images a second for five minutes. */
export const SMALL = `
pipeline: {kind: inference, services: 3, tasks: 1}
load: {kind: arrivals, rate: 2/s, for: 5m}
`

export interface Ended {
  readonly code: number | null
  readonly stderr: string
  /** None where it was refused. */
  readonly runs: readonly RunResult[]
}

export async function end(scenario: string, ...flags: readonly string[]): Promise<Ended> {
  using folder = new Folder({ 'x.yaml': scenario })
  const args = ['run', 'x.yaml', '--quiet', '--summary-export', 'out.json', ...flags]
  const { code, stderr } = await aftershock(args, { cwd: folder.path })
  if (code === 104) return { code, stderr, runs: [] }
  const summary = JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary
  return { code, stderr, runs: summary.runs }
}

/** Verdict and reasons by variant. */
export function told(runs: readonly RunResult[]): Record<string, readonly string[]> {
  return Object.fromEntries(
    runs.map(({ variant, verdict, reasons }) => [variant, [verdict, ...reasons]]),
  )
}
