// Speed against its targets: the clock alone, whole incidents, start-up, memory. `npm run bench`; never a test.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { benchClock } from './clock.ts'
import { benchHarness } from './harness.ts'
import { benchLoad } from './load.ts'
import { type Measured, show } from './measured.ts'
import { benchProxies } from './proxies.ts'

const CLI = 'dist/bundle/cli/main.js'
const folder = mkdtempSync(join(tmpdir(), 'aftershock-bench-'))

/** Wall times are judged as multiples of a reference loop timed in the same run: machines differ, and so do minutes. */
function referenceMs(): number {
  return Number(spawnSync(process.execPath, ['bench/reference.ts'], { encoding: 'utf8' }).stdout)
}

/** Whole process, from spawn to exit: wall milliseconds and peak memory in MB. */
function once(args: readonly string[]): { ms: number; peakMb: number; simulatedMs: number } {
  const summary = join(folder, 'summary.json')
  const usage = join(folder, 'usage')
  const probe = `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(usage)}, String(process.resourceUsage().maxRSS)))`
  const preload = join(folder, 'probe.cjs')
  writeFileSync(preload, probe)
  const export_ = args[0] === 'run' ? ['--quiet', '--summary-export', summary] : []
  const started = process.hrtime.bigint()
  spawnSync(process.execPath, ['--require', preload, CLI, ...args, ...export_], { stdio: 'ignore' })
  const ms = Number(process.hrtime.bigint() - started) / 1e6
  const simulatedMs =
    args[0] === 'run' ? (JSON.parse(readFileSync(summary, 'utf8')).runs[0]?.simulatedMs ?? 0) : 0
  return { ms, peakMb: Number(readFileSync(usage, 'utf8')) / 1024, simulatedMs }
}

const best = (args: readonly string[]) =>
  [1, 2, 3].map(() => once(args)).reduce((a, b) => (a.ms <= b.ms ? a : b))

function incident(name: string, file: string, mostUnits: number): Measured {
  const unit = referenceMs()
  const run = best(['run', `scenarios/inference/${file}.ts`, '--variant', 'baseline'])
  const units = run.ms / unit
  return {
    name,
    target: `≤ ${mostUnits} × the reference loop`,
    measured: `${units.toFixed(1)} × (${(run.ms / 1_000).toFixed(2)} s, ${Math.round(run.simulatedMs / run.ms).toLocaleString('en')} × real time, ${Math.round(run.peakMb)} MB)`,
    ok: units <= mostUnits,
  }
}

function startUp(): Measured {
  const { ms } = best(['--help'])
  return {
    name: 'start-up, --help',
    target: '≤ 150 ms',
    measured: `${Math.round(ms)} ms`,
    ok: ms <= 150,
  }
}

/** The same good day, one day and ten days long. */
function memory(): Measured {
  const days = (n: number) => {
    const file = join(folder, `steady-${n}.yaml`)
    writeFileSync(
      file,
      `pipeline: {kind: inference}\nload: {kind: arrivals, rate: 4/s, for: ${n}d, process: poisson}\nwarmup: 2m\nthresholds: {item_lost: ["count==0"]}\n`,
    )
    return once(['run', file]).peakMb
  }
  const [one, ten] = [days(1), days(10)]
  return {
    name: 'memory, ten simulated days ÷ one',
    target: '≤ 1.3',
    measured: `${(ten / one).toFixed(2)} (${Math.round(ten)} and ${Math.round(one)} MB)`,
    ok: ten <= 1.3 * one,
  }
}

const rows: Measured[] = [
  ...(await benchClock()),
  startUp(),
  incident('heartbeat-loss, 5 h at 12 images/s', 'heartbeat-loss', 3.4),
  incident('deleted-while-queued, 220,879 inferences', 'deleted-while-queued', 6.8),
  ...(process.argv.includes('--no-memory') ? [] : [memory()]),
]
rmSync(folder, { recursive: true })
show(rows)
// What the real world is made of: minutes, and of worth only on a machine with nothing else to do.
if (!process.argv.includes('--no-real'))
  show([...(await benchHarness()), ...(await benchLoad()), ...(await benchProxies())])
