// Interrupted by a signal or by its time limit, a run still says what it measured, soon, and with exit code 105.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock, PROGRAM } from './aftershock.ts'

/** Some minutes of work. */
const LONG = `
name: long
pipeline: {kind: inference}
load: {kind: arrivals, rate: 20/s, for: 20d}
thresholds: {item_lost: [rate<0.5]}
variants: {a: {}, b: {}}
`
const SOON_MS = 5_000

/** From when it answers signals until it has something to report. */
const AT_WORK_MS = 1_000

/** Whether a process catches SIGHUP, which Node by itself does not. Only Linux tells. */
function answersSignals(pid: number): boolean {
  const status = `/proc/${pid}/status`
  if (!existsSync(status)) return true
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(readFileSync(status, 'utf8'))?.[1] ?? '0'
  return (BigInt(`0x${caught}`) & 1n) === 1n
}

async function atWork({ pid = 0 }: ChildProcess): Promise<void> {
  const pause = (ms: number) => new Promise((over) => setTimeout(over, ms))
  for (let tries = 0; tries < 200 && !answersSignals(pid); tries++) await pause(50)
  await pause(AT_WORK_MS)
}

const left = (...variants: string[]) => ({
  schema: 'aftershock/summary/v1',
  verdict: 'inconclusive',
  runs: variants.map((variant) => ({
    variant,
    verdict: 'inconclusive',
    outcome: 'held',
    reasons: ['interrupted'],
    items: { offered: expect.any(Number), succeeded: expect.any(Number) },
  })),
})

test.each([
  ['SIGINT', 1],
  ['SIGTERM', 1],
  ['SIGHUP', 1],
  ['SIGINT', 2],
] as const)('%s, with %i at a time', { timeout: 30_000 }, async (signal, workers) => {
  using folder = new Folder({ 'x.yaml': LONG })
  let sentMs = Number.NaN
  const args = ['run', 'x.yaml', '--quiet', '--summary-export', 'out.json']
  const ended = await aftershock([...args, '--workers', String(workers)], {
    cwd: folder.path,
    onStart: (child) =>
      void atWork(child).then(() => {
        sentMs = performance.now()
        child.kill(signal)
      }),
  })
  expect(performance.now() - sentMs).toBeLessThan(SOON_MS)
  expect(ended).toEqual({ code: 105, stdout: '', stderr: '' })
  const summary = JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary
  expect(summary).toMatchObject(workers === 1 ? left('a') : left('a', 'b'))
  for (const { items } of summary.runs) expect(items.offered).toBeGreaterThan(100)
})

test('npm, told to end, leaves the run without a parent', { timeout: 60_000 }, async () => {
  using folder = new Folder({ 'x.yaml': LONG })
  const at = (file: string) => join(folder.path, file)
  const run = `"${process.execPath}" "${PROGRAM}" run x.yaml --quiet --events events --summary-export out.json`
  const shell = spawn('sh', ['-c', `${run}; true`], {
    cwd: folder.path,
    env: { PATH: process.env.PATH, npm_lifecycle_event: 'start' },
    stdio: 'ignore',
  })
  await vi.waitUntil(() => existsSync(at('events')), { timeout: 30_000 })
  shell.kill('SIGTERM')
  await once(shell, 'exit')
  await vi.waitUntil(() => existsSync(at('out.json')), { timeout: 30_000 })
  await vi.waitUntil(() => readFileSync(at('out.json'), 'utf8').endsWith('}\n'))
  expect(JSON.parse(readFileSync(at('out.json'), 'utf8'))).toMatchObject(left('a'))
})

test('--timeout', { timeout: 30_000 }, async () => {
  using folder = new Folder({ 'x.yaml': LONG })
  const args = ['run', 'x.yaml', '--timeout', '1s', '--seeds', '3', '--workers', '1']
  const startMs = performance.now()
  const ended = await aftershock([...args, '--summary-export', 'out.json'], { cwd: folder.path })
  expect(performance.now() - startMs).toBeLessThan(1_000 + SOON_MS)
  expect(ended).toMatchObject({ code: 105, stderr: '' })
  expect(ended.stdout).toContain('interrupted')
  expect(JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8'))).toMatchObject(left('a'))
})

test('a time limit longer than any timer is none', async () => {
  using folder = new Folder({ 'x.yaml': LONG.replace('20d', '10s') })
  const ended = await aftershock(['run', 'x.yaml', '--quiet', '--timeout', '300d'], {
    cwd: folder.path,
  })
  expect(ended).toEqual({ code: 0, stdout: '', stderr: '' })
})
