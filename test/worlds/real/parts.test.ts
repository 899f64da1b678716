// The parts of a run together: swept before, owned, given back in reverse, or left up.
import { existsSync, rmSync } from 'node:fs'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Parts, type PartsSetup, readProvider } from '../../../src/worlds/real/parts.ts'
import { temporaryFolder } from '../../../src/worlds/real/temporary-folder.ts'
import { noContainers, processesWith, refusal, Surroundings } from './surroundings.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const FAKE = new URL('./fake-redis.ts', import.meta.url).href

let around: Surroundings
beforeEach(() => {
  around = new Surroundings()
  around.program('redis-server', `import('${FAKE}').then((fake) => fake.listenAs(args))`)
})
afterEach(() => {
  expect(around.held).toEqual([])
  around[Symbol.dispose]()
})

const open = (more: Partial<PartsSetup> = {}) =>
  Parts.open({
    logFolder: around.logFolder,
    environment: around.environment,
    allowedTargets: [],
    containers: noContainers('none of its sockets is there'),
    ...more,
  })

const running = () => processesWith(`${around.path}/bin/`)

test('are given back together', async () => {
  await using parts = await open()
  const [one, two] = [
    await parts.redis({ provider: 'auto' }),
    await parts.redis({ provider: 'binary' }),
  ]
  expect(running()).toHaveLength(2)
  await parts[Symbol.asyncDispose]()
  expect(running()).toEqual([])
  expect([await one.exited, await two.exited]).toEqual([undefined, undefined])
})

test('that were started are given back where another cannot be', async () => {
  const start = async () => {
    await using parts = await open()
    await parts.redis({ provider: 'auto' })
    expect(running()).toHaveLength(1)
    await parts.objectStore({ provider: 'binary' })
  }
  expect(await refusal(start())).toMatch(/^110: object store from binary: no minio/)
  expect(running()).toEqual([])
})

test('begin with a sweep, which leaves alone what lives', async () => {
  using folder = temporaryFolder('held', around.journal)
  await using parts = await open()
  expect(parts.swept).toEqual({ removed: [], left: [] })
  expect(existsSync(folder.path)).toBe(true)
})

test('can be left up', async () => {
  const parts = await open()
  await parts.redis({ provider: 'binary' })
  const [server] = running()
  const commands = parts.keep()
  expect(commands).toEqual([`kill ${server?.pid}`, expect.stringMatching(/^rm -r /)])
  await parts[Symbol.asyncDispose]()
  expect(running()).toEqual([server])
  process.kill(server?.pid ?? 0, 'SIGKILL')
  rmSync(commands[1]?.replace('rm -r ', '') ?? '', { recursive: true })
})

test('call nothing but containers their own', async () => {
  await using parts = await open()
  await parts.redis({ provider: 'binary' })
  expect(parts.own).toEqual([])
})

test('are asked for by a provider or a URL', async () => {
  expect(readProvider('--objects', 'binary')).toEqual({ provider: 'binary' })
  expect(readProvider('--objects', 'http://127.0.0.1:1')).toEqual({
    provider: 'url',
    url: 'http://127.0.0.1:1',
  })
  expect(await refusal((async () => readProvider('--objects', 'contaner'))())).toBe(
    "104: --objects: no provider 'contaner'; did you mean 'container'? Known: auto, container, binary, url, embedded\n→ A URL names one of yours: --objects http://127.0.0.1:9000",
  )
  expect(readProvider('--objects', 'url')).toEqual({ provider: 'url' })
})
