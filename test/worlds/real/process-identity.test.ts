// Which process a pid means, on systems that tell it in /proc, by ps, or not at all.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { killNow } from '../../../src/worlds/real/end-process.ts'
import { processesIn, startOf, UNTOLD } from '../../../src/worlds/real/process-identity.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const { platform } = process
const pretend = (value: NodeJS.Platform) => Object.defineProperty(process, 'platform', { value })

let other: ChildProcess
let folder: string
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'aftershock-test-')))
  other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1_000_000)'], {
    cwd: folder,
    detached: true,
  })
  await once(other, 'spawn')
})
afterEach(() => {
  pretend(platform)
})
afterAll(() => {
  other.kill('SIGKILL')
  rmSync(folder, { recursive: true })
})

/** A pid that was somebody's, and is nobody's any more. */
function gone(): number {
  return spawnSync(process.execPath, ['--version']).pid
}

const hasPs = spawnSync('ps', ['-p', '1']).status === 0
const told: readonly NodeJS.Platform[] = [platform, ...(hasPs ? (['darwin'] as const) : [])]

describe.each(told)('on %s', (system) => {
  test('a process has one start', () => {
    pretend(system)
    const start = startOf(process.pid)
    expect(start).toMatch(/\d/)
    expect(startOf(process.pid)).toBe(start)
    expect(startOf(gone())).toBeUndefined()
  })

  test('a process is not ended by the start of another', () => {
    pretend(system)
    expect(killNow(other.pid ?? 0, 'another start')).toBe(true)
    expect(startOf(other.pid ?? 0)).toBeDefined()
  })
})

test('where nothing tells, no process is ended by its number', () => {
  pretend('win32')
  expect(startOf(other.pid ?? 0)).toBe(UNTOLD)
  expect(startOf(gone())).toBeUndefined()
  expect(killNow(other.pid ?? 0, UNTOLD)).toBe(false)
  expect(startOf(other.pid ?? 0)).toBe(UNTOLD)
  expect(killNow(gone(), UNTOLD)).toBe(true)
})

test.runIf(platform === 'linux')('a process is found by the folder that it works in', () => {
  expect(processesIn(folder)).toEqual([other.pid])
  expect(processesIn(`${folder}/x`)).toEqual([])
  expect(processesIn(tmpdir())).not.toContain(other.pid)
  pretend('darwin')
  expect(processesIn(folder)).toEqual([])
})

test('a process is ended at once, and with it its group', async () => {
  const parent = spawn(
    process.execPath,
    [
      '-e',
      `const child = require('child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' })
       console.log(child.pid); process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6)`,
    ],
    { detached: true },
  )
  const [line] = await once(parent.stdout, 'data')
  const child = Number(String(line))
  expect(startOf(child)).toBeDefined()
  expect(killNow(parent.pid ?? 0, startOf(parent.pid ?? 0) ?? '')).toBe(true)
  await once(parent, 'exit')
  while (startOf(child) !== undefined) await new Promise((resolve) => setImmediate(resolve))
})
