// Which process a pid means: its start time tells it from a later one that was given the same number.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** What `startOf` says where the system does not tell: such a process is never ended by its number. */
export const UNTOLD = 'untold'

/** When a process started, in the system's own words; undefined where there is no such process, or only its corpse. */
export function startOf(pid: number): string | undefined {
  if (process.platform === 'linux') return startInProc(pid)
  return process.platform === 'win32' ? startUntold(pid) : startByPs(pid)
}

/** Fields 3 (state) and 22 (start, in ticks since boot) of proc(5); the name before them may hold anything. */
function startInProc(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`)
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  if (isCorpse(fields?.[0])) return undefined
  // Another boot counts its ticks from nought again.
  return `${digest(textOf('/proc/sys/kernel/random/boot_id') ?? '')}-${fields?.[19]}`
}

function startByPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, LC_ALL: 'C' },
  })
  const [state, ...start] = (stdout ?? '').trim().split(/\s+/)
  return state === '' || isCorpse(state) ? undefined : start.join(' ')
}

function startUntold(pid: number): string | undefined {
  try {
    process.kill(pid, 0)
    return UNTOLD
  } catch {
    return undefined
  }
}

function isCorpse(state: string | undefined): boolean {
  return state === undefined || state.startsWith('Z') || state.startsWith('X')
}

/** Processes that work in a folder. Only Linux tells; elsewhere none. */
export function processesIn(folder: string): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => [folder, `${folder} (deleted)`].includes(linkOf(`/proc/${name}/cwd`) ?? ''))
    .map(Number)
}

/** A home folder may be shared by machines and containers: pids of one say nothing in another. */
export function thisMachine(): string {
  return digest(`${hostname()} ${linkOf('/proc/self/ns/pid') ?? process.platform}`)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function linkOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
