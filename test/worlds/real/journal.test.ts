// The journal and the sweep: what a process leaves, however it ends, is found by the next, and nothing else is touched.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Journal, stateFolder } from '../../../src/worlds/real/journal.ts'
import { startOf } from '../../../src/worlds/real/process-identity.ts'
import { openJournal, sweep } from '../../../src/worlds/real/sweep.ts'
import { temporaryFolder } from '../../../src/worlds/real/temporary-folder.ts'
import { held, orphan } from './orphan.ts'
import { isRunning, Surroundings } from './surroundings.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const HOLDER = fileURLToPath(new URL('./holder.ts', import.meta.url))
const SWEEPER = fileURLToPath(new URL('./sweeper.ts', import.meta.url))
const FOR_EVER = 'setInterval(() => {}, 1_000_000)'
const noContainers = async () => 0

let around: Surroundings
let started: ChildProcess[] = []
beforeEach(() => {
  around = new Surroundings()
})
afterEach(async () => {
  for (const child of started.filter((c) => c.exitCode === null && c.signalCode === null)) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  started = []
  await sweep(around.journals, noContainers)
  around[Symbol.dispose]()
})

interface Held {
  readonly holder: ChildProcess
  readonly pid: number
  readonly folder: string
}

async function hold(server: string, end = 'wait'): Promise<Held> {
  // As a terminal starts it: it leads a group.
  const command = [HOLDER, around.journals, server, end]
  const holder = spawn(process.execPath, command, { detached: true })
  started.push(holder)
  const [line] = await once(createInterface(holder.stdout), 'line')
  return { holder, ...(JSON.parse(line) as { readonly pid: number; readonly folder: string }) }
}

async function kill(holder: ChildProcess): Promise<void> {
  holder.kill('SIGKILL')
  await once(holder, 'exit')
}

describe('a process that was killed', () => {
  test('leaves what the next start ends: server, folder, journal', async () => {
    const { holder, pid, folder } = await hold(around.program('server', FOR_EVER))
    await kill(holder)
    expect({
      server: isRunning(pid),
      folder: existsSync(folder),
      held: around.held.length,
    }).toEqual({ server: true, folder: true, held: 1 })
    const { journal, swept } = await openJournal(around.environment, noContainers)
    journal[Symbol.dispose]()
    expect(swept).toEqual({
      removed: [`process ${pid} in ${folder}`, `folder ${folder}`],
      left: [],
    })
    expect({ server: isRunning(pid), folder: existsSync(folder), held: around.held }).toEqual({
      server: false,
      folder: false,
      held: [],
    })
  })

  test('leaves a server that heeds no SIGTERM, and it is ended, too', async () => {
    const deaf = around.program('server', `process.on('SIGTERM', () => {}); ${FOR_EVER}`)
    const { holder, pid } = await hold(deaf)
    await kill(holder)
    await sweep(around.journals, noContainers)
    expect(isRunning(pid)).toBe(false)
  })

  test('leaves containers, which are removed by their label', async () => {
    orphan(around.journals, [held(0, { kind: 'container', label: 'aftershock.id=1' })])
    const labels: string[] = []
    const swept = await sweep(around.journals, async (label) => labels.push(label))
    expect(labels).toEqual(['aftershock.id=1'])
    expect(swept).toEqual({ removed: ['container aftershock.id=1'], left: [] })
    expect(around.held).toEqual([])
  })

  test('leaves the rest of its journal to a later start, where one thing cannot be ended now', async () => {
    const folder = join(tmpdir(), `aftershock-held-${randomUUID()}`)
    mkdirSync(folder)
    orphan(around.journals, [
      held(0, { kind: 'folder', path: folder }),
      held(1, { kind: 'container', label: 'aftershock.id=1' }),
    ])
    const swept = await sweep(around.journals, () => Promise.reject(new Error('no Docker')))
    expect(swept).toEqual({
      removed: [`folder ${folder}`],
      left: ['container aftershock.id=1: no Docker'],
    })
    // It is ours now, and we live.
    expect(around.held.map((name) => name.split('.')[1])).toEqual([String(process.pid)])
    expect(await sweep(around.journals, noContainers)).toEqual({ removed: [], left: [] })
  })

  test.runIf(process.platform === 'linux')(
    'between the start of a server and the note of its pid: it is found by its folder',
    async () => {
      const folder = join(tmpdir(), `aftershock-held-${randomUUID()}`)
      mkdirSync(folder)
      const server = spawn(process.execPath, ['-e', FOR_EVER], { cwd: folder, detached: true })
      started.push(server)
      await once(server, 'spawn')
      orphan(around.journals, [
        held(0, { kind: 'folder', path: folder }),
        held(1, { kind: 'process', folder }),
      ])
      expect(await sweep(around.journals, noContainers)).toEqual({
        removed: [`process ${server.pid} in ${folder}`, `folder ${folder}`],
        left: [],
      })
    },
  )

  test('in the middle of a line of its journal', async () => {
    const label = 'aftershock.id=1'
    orphan(around.journals, [
      held(0, { kind: 'container', label }),
      '{"held":1,"handle":{"kind":"cont',
    ])
    const swept = await sweep(around.journals, async () => 1)
    expect(swept).toEqual({ removed: [`container ${label}`], left: [] })
  })

  test('when it had given back most', async () => {
    orphan(around.journals, [
      held(0, { kind: 'container', label: 'a=0' }),
      held(1, { kind: 'container', label: 'a=1' }),
      JSON.stringify({ givenBack: 0 }),
    ])
    expect(await sweep(around.journals, async () => 1)).toEqual({
      removed: ['container a=1'],
      left: [],
    })
  })
})

test.each([
  ['exit', 3],
  ['throw', 1],
])('a process that ends by %s leaves nothing', async (end, code) => {
  const { holder, pid, folder } = await hold(around.program('server', FOR_EVER), end)
  expect(holder.exitCode ?? (await once(holder, 'exit'))[0]).toBe(code)
  expect({ server: isRunning(pid), folder: existsSync(folder), held: around.held }).toEqual({
    server: false,
    folder: false,
    held: [],
  })
})

test('Ctrl-C, which reaches a whole group of processes, leaves servers to whoever reports first', async () => {
  const { holder, pid } = await hold(around.program('server', FOR_EVER))
  process.kill(-(holder.pid ?? 0), 'SIGINT')
  expect(await once(holder, 'exit')).toEqual([null, 'SIGINT'])
  expect(isRunning(pid)).toBe(true)
})

describe('a sweep does not touch', () => {
  test('what a living process holds', async () => {
    const { pid, folder } = await hold(around.program('server', FOR_EVER))
    expect(await sweep(around.journals, noContainers)).toEqual({ removed: [], left: [] })
    expect({ server: isRunning(pid), folder: existsSync(folder) }).toEqual({
      server: true,
      folder: true,
    })
  })

  test('what this process holds', async () => {
    const folder = temporaryFolder('held', around.journal)
    expect(await sweep(around.journals, noContainers)).toEqual({ removed: [], left: [] })
    expect(existsSync(folder.path)).toBe(true)
    folder[Symbol.dispose]()
    expect({ folder: existsSync(folder.path), held: around.held }).toEqual({
      folder: false,
      held: [],
    })
  })

  test('a process that has the pid of an earlier one', async () => {
    const other = spawn(process.execPath, ['-e', FOR_EVER])
    started.push(other)
    await once(other, 'spawn')
    const pid = other.pid ?? 0
    const earlier = `${startOf(pid)}0`
    orphan(around.journals, [
      held(0, { kind: 'process', folder: '/nowhere', pid, startedAt: earlier }),
    ])
    expect(await sweep(around.journals, noContainers)).toEqual({ removed: [], left: [] })
    expect(isRunning(pid)).toBe(true)
  })

  test('journals of another machine', async () => {
    const name = `another1.${process.pid}.earlier.00000000.jsonl`
    mkdirSync(around.journals, { recursive: true })
    writeFileSync(join(around.journals, name), held(0, { kind: 'container', label: 'a=0' }))
    expect(await sweep(around.journals, async () => 1)).toEqual({ removed: [], left: [] })
    expect(around.held).toEqual([name])
  })

  test.each([
    '/etc',
    '/',
    '.',
    '/tmp/aftershock-held',
    `/tmp/x/../aftershock-held-${randomUUID()}`,
  ])('a folder that is none of ours, whatever a journal says: %s', async (path) => {
    orphan(around.journals, [held(0, { kind: 'folder', path })])
    expect(await sweep(around.journals, noContainers)).toEqual({
      removed: [],
      left: [`folder ${path}: it is no folder of ours`],
    })
  })
})

test('of several that sweep at once, each thing falls to one', async () => {
  const folders = Array.from({ length: 40 }, () =>
    join(tmpdir(), `aftershock-held-${randomUUID()}`),
  )
  for (const folder of folders) {
    mkdirSync(folder)
    orphan(around.journals, [held(0, { kind: 'folder', path: folder })])
  }
  const outputs = await Promise.all(
    Array.from({ length: 4 }, () =>
      promisify(execFile)(process.execPath, [SWEEPER, around.journals]),
    ),
  )
  const removed = outputs.flatMap(({ stdout }) => JSON.parse(stdout) as string[])
  expect(removed.sort()).toEqual(folders.map((folder) => `folder ${folder}`).sort())
  expect({ folders: folders.filter((f) => existsSync(f)), held: around.held }).toEqual({
    folders: [],
    held: [],
  })
})

describe('the journal', () => {
  test('is written before what it tells of is there, and is gone when all is given back', () => {
    const { journal } = around
    const one = journal.hold({ kind: 'container', label: 'a=1' }, () => {})
    const two = journal.hold({ kind: 'process', folder: '/f' }, () => {})
    two.change({ kind: 'process', folder: '/f', pid: 7, startedAt: 'then' })
    one.giveBack()
    const [name = ''] = around.held
    expect(readFileSync(join(around.journals, name), 'utf8').trimEnd().split('\n')).toEqual([
      '{"held":0,"handle":{"kind":"container","label":"a=1"}}',
      '{"held":1,"handle":{"kind":"process","folder":"/f"}}',
      '{"held":1,"handle":{"kind":"process","folder":"/f","pid":7,"startedAt":"then"}}',
      '{"givenBack":0}',
    ])
    two.giveBack()
    expect(around.held).toEqual([])
    journal.hold({ kind: 'container', label: 'a=2' }, () => {}).giveBack()
    expect(around.held).toEqual([])
  })

  test('that cannot be written keeps everything from starting', () => {
    writeFileSync(join(around.path, 'file'), '')
    using journal = new Journal(join(around.path, 'file', 'journal'))
    expect(() => temporaryFolder('held', journal)).toThrow(
      expect.objectContaining({
        exitCode: 110,
        message: expect.stringMatching(/^cannot write the journal: ENOTDIR/),
        hint: 'Nothing is started that could not be found again; AFTERSHOCK_STATE_DIR names another folder for it.',
      }),
    )
  })

  test.each([
    [{ HOME: '/home/me' }, '/home/me/.local/state/aftershock'],
    [{ HOME: '/home/me', XDG_STATE_HOME: '/var/me' }, '/var/me/aftershock'],
    [{ HOME: '/home/me', XDG_STATE_HOME: 'relative' }, '/home/me/.local/state/aftershock'],
    [{ HOME: '/home/me', XDG_STATE_HOME: '/var/me', AFTERSHOCK_STATE_DIR: '/mine' }, '/mine'],
    [{ HOME: '/home/me', AFTERSHOCK_STATE_DIR: '' }, '/home/me/.local/state/aftershock'],
  ])('lies by %o in %s', (environment, folder) => {
    expect(stateFolder(environment)).toBe(folder)
  })
})
