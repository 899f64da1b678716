// Runs one scenario in both worlds by the command that anybody would type, and reads what it found.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Comparison } from '../../dist/src/cli/comparisons.js'
import type { Fidelity } from '../../dist/src/run/fidelity.js'
import type { RunResult, Summary } from '../../dist/src/run/result.js'

export interface Order {
  readonly file: string
  readonly variants: readonly string[]
  readonly seed: number
  readonly seeds: number
  readonly speed: number
  /** As `--objects` takes it. */
  readonly objects: string
}

export interface Compared extends Fidelity {
  readonly faults: Comparison['faults']
  readonly store: string
}

const ENDING = ['SIGINT', 'SIGTERM'] as const
const CLI = 'dist/bundle/cli/main.js'

/** Throws where the command could not do it at all. */
export async function compare(order: Order): Promise<Compared[]> {
  const folder = mkdtempSync(join(tmpdir(), 'aftershock-fidelity-'))
  try {
    const file = join(folder, 'summary.json')
    const code = await run(order, file)
    if (code === 105) throw new Error('interrupted')
    if (!existsSync(file)) throw new Error(`${order.file}: it ended with exit code ${code}`)
    const { fidelity = [], runs } = JSON.parse(readFileSync(file, 'utf8')) as Summary
    return fidelity.map((one) => ({
      ...one,
      store: one.environment?.parts.objects ?? '',
      faults: touchedIn(runs.filter(({ variant }) => variant === one.variant)),
    }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(order: Order, summary: string): Promise<number | null> {
  const { file, variants, seed, seeds, speed, objects } = order
  const flags = {
    world: 'both',
    speed,
    seed,
    seeds,
    objects,
    variant: variants.join(','),
    'summary-export': summary,
  }
  const child = spawn(
    process.execPath,
    [
      CLI,
      'run',
      file,
      '--brief',
      '--quiet',
      ...Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  )
  // Whoever ends this alone ends the run as well, which gives everything back and says that it was interrupted.
  const end = (signal: NodeJS.Signals) => child.kill(signal)
  for (const signal of ENDING) process.once(signal, end)
  return new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  ).finally(() => {
    for (const signal of ENDING) process.off(signal, end)
  })
}

function touchedIn(runs: readonly RunResult[]): Comparison['faults'] {
  const touched: Record<string, { virtual: number; real: number }> = {}
  for (const { world, faults } of runs)
    for (const { kind, touched: by } of faults) {
      touched[kind] ??= { virtual: 0, real: 0 }
      touched[kind][world] += by
    }
  return touched
}
