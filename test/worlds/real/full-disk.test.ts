// A disk that is full, for real: a file system of a few kilobytes, in a name space of its own.
import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { describeWith, MINIO } from './needs.ts'
import { Surroundings } from './surroundings.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const STARTER = fileURLToPath(new URL('./store-starter.ts', import.meta.url))

/** Without being root: a name space in which this user is. */
const APART = ['--user', '--map-root-user', '--mount']
const canMount =
  spawnSync('unshare', [...APART, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0

let around: Surroundings
beforeEach(() => {
  around = new Surroundings()
})
afterEach(() => {
  around[Symbol.dispose]()
})

function startOn(folder: string, environment: Readonly<Record<string, string>>): string {
  const script = `mkdir -p ${folder} && mount -t tmpfs -o size=4k tmpfs ${folder} && head -c 4096 /dev/zero > ${folder}/full && exec "$@"`
  const starter = [process.execPath, STARTER, around.logFolder, MINIO ?? '']
  const command = ['sh', '-c', script, 'sh', ...starter]
  const { stdout, stderr } = spawnSync('unshare', [...APART, ...command], {
    encoding: 'utf8',
    env: { ...process.env, ...around.environment, PATH: process.env.PATH, ...environment },
  })
  return `${stdout}${stderr}`
}

describeWith('minio', 'on a full disk', () => {
  test.runIf(canMount)('the store cannot start: one message, and nothing is left', () => {
    const folder = `${around.path}/small`
    const said = startOn(folder, { TMPDIR: folder })
    expect(said).toMatch(/^110: object store from binary: binary .*: it ended with code 1 before/)
    expect(said).toMatch(
      /→ The disk is full: make room, or let TMPDIR name a folder that has some\.\nleft: \["full"\]\n$/,
    )
  })

  test.runIf(canMount)('the journal cannot be written: nothing is started', () => {
    const folder = `${around.path}/small`
    mkdirSync(`${around.path}/tmp`)
    const said = startOn(folder, {
      AFTERSHOCK_STATE_DIR: `${folder}/state`,
      TMPDIR: `${around.path}/tmp`,
    })
    expect(said).toMatch(/^110: cannot write the journal: ENOSPC: no space left on device/)
    expect(said).toMatch(/AFTERSHOCK_STATE_DIR names another folder for it\.\nleft: \[\]\n$/)
  })
})
