// Parts from programs of this machine: started, ready, ended; and whatever may go wrong, told in one message.
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startObjectStore } from '../../../src/worlds/real/providers/object-store.ts'
import type { Part, PartContext } from '../../../src/worlds/real/providers/part.ts'
import { startRedis } from '../../../src/worlds/real/providers/redis.ts'
import { describeWith, MINIO, REDIS } from './needs.ts'
import { processesWith, refusal, Surroundings } from './surroundings.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const FAKE = new URL('./fake-redis.ts', import.meta.url).href
const listening = (faults = '{}') =>
  `console.log('fake server', Object.keys(process.env).sort().join()); import('${FAKE}').then((fake) => fake.listenAs(args, ${faults}))`
const FOR_EVER = 'setInterval(() => {}, 1_000_000)'

let around: Surroundings
// So that loading them is no part of the time that a server has.
await Promise.all([import('minio'), import('ioredis')])

beforeEach(() => {
  around = new Surroundings()
})
afterEach(() => {
  expect({ running: processesWith(around.path), held: around.held }).toEqual({
    running: [],
    held: [],
  })
  around[Symbol.dispose]()
})

const start = (more: Partial<PartContext> = {}, options = {}) =>
  startRedis({ provider: 'binary', ...options }, around.context(more))

/** Paths and ports as they are in every run. */
const plain = (text: string) =>
  text.replaceAll(around.path, 'HERE').replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')

/** The servers that run on this machine of ours. */
const servers = () => processesWith(`${around.path}/bin/`)

async function end(part: Part): Promise<void> {
  await part[Symbol.asyncDispose]()
}

describe('a server', () => {
  test('is started in a folder of its own, and is gone with all but its log when it is given back', async () => {
    around.program('redis-server', listening())
    const part = await start()
    const { port } = part.access
    expect({ ...part, describe: plain(part.describe), logFile: plain(part.logFile ?? '') }).toEqual(
      {
        kind: 'redis',
        provider: 'binary',
        endpoint: `redis://127.0.0.1:${port}`,
        access: { host: '127.0.0.1', port, tls: false, secretKey: part.secretKey },
        secretKey: expect.stringMatching(/^[0-9a-f]{40}$/),
        version: 'Redis 7.7.7',
        describe: 'Redis: Redis 7.7.7, binary HERE/bin/redis-server, redis://ADDRESS',
        logFile: 'HERE/logs/redis.log',
        passedOver: [],
        exited: expect.any(Promise),
        restarts: { halt: expect.any(Function), resume: expect.any(Function) },
        keep: expect.any(Function),
        [Symbol.asyncDispose]: expect.any(Function),
      },
    )
    expect(around.held).toHaveLength(1)
    const [running] = servers()
    const folder = /--dir (\S+)/.exec(running?.args ?? '')?.[1] ?? ''
    expect(existsSync(folder)).toBe(true)
    await end(part)
    expect(await part.exited).toBeUndefined()
    expect(existsSync(folder)).toBe(false)
    // Nothing of the user's environment but the way to programs.
    expect(readFileSync(part.logFile ?? '', 'utf8')).toBe('fake server HOME,PATH\n')
  })

  test('that is a Valkey says so', async () => {
    around.program(
      'valkey-server',
      listening(`{info: 'redis_version:7.2.4\\r\\nvalkey_version:8.1.0\\r\\n'}`),
    )
    const part = await start()
    expect(plain(part.describe)).toBe(
      'Redis: Valkey 8.1.0, binary HERE/bin/valkey-server, redis://ADDRESS',
    )
    await end(part)
  })

  test('that does not tell its version is asked for it', async () => {
    around.program(
      'redis-server',
      `if (args[0] === '--version') console.log('Redis server v=9.9.9 sha=0'); else ${listening(`{info: 'role:master'}`).replace(/^.*?; /, '')}`,
    )
    const part = await start()
    expect(part.version).toBe('Redis 9.9.9')
    await end(part)
  })

  test('is ready when it answers, not before', async () => {
    around.program(
      'redis-server',
      listening(`{refuses: {times: 3, with: 'LOADING Redis is loading the dataset in memory'}}`),
    )
    await end(await start())
  })

  test('that loses its port to another gets another', async () => {
    const tries = join(around.path, 'tries')
    around.program(
      'redis-server',
      `require('fs').appendFileSync('${tries}', 'x')
       if (require('fs').readFileSync('${tries}', 'utf8').length < 3) { console.log('bind: Address already in use'); process.exit(1) }
       ${listening()}`,
    )
    await end(await start())
    expect(readFileSync(tries, 'utf8')).toBe('xxx')
  })

  test('heeds no SIGTERM: it is ended all the same', async () => {
    around.program('redis-server', `process.on('SIGTERM', () => {}); ${listening()}`)
    await end(await start({ limits: { readyMs: 20_000, pullMs: 1, stopMs: 50 } }))
  })

  test('that ends during the run is reported, with what it said last', async () => {
    around.program(
      'redis-server',
      `${listening()}; process.on('SIGUSR2', () => { console.log('out of luck'); process.exit(9) })`,
    )
    const part = await start()
    process.kill(servers()[0]?.pid ?? 0, 'SIGUSR2')
    const error = await part.exited
    expect(plain(error?.message ?? '')).toBe(
      'Redis from binary: it ended with code 9 during the run; the end of its log, HERE/logs/redis.log:\n' +
        '    fake server HOME,PATH\n    out of luck',
    )
    expect(error?.exitCode).toBe(110)
    await end(part)
  })

  test('that is killed during the run is reported', async () => {
    around.program('redis-server', listening())
    const part = await start()
    process.kill(servers()[0]?.pid ?? 0, 'SIGKILL')
    expect((await part.exited)?.message).toMatch(
      /^Redis from binary: it ended by SIGKILL during the run/,
    )
    await end(part)
  })

  test('can be left up, with the commands that end it', async () => {
    around.program('redis-server', listening())
    const part = await start()
    const pid = servers()[0]?.pid ?? 0
    const commands = part.keep()
    await end(part)
    expect(around.held).toEqual([])
    expect(commands).toEqual([
      `kill ${pid}`,
      expect.stringMatching(/^rm -r \/.*\/aftershock-redis-/),
    ])
    expect(servers().map((server) => server.pid)).toEqual([pid])
    process.kill(pid, 'SIGKILL')
    expect(await part.exited).toBeUndefined()
    await vi.waitFor(() => expect(servers()).toEqual([]), { timeout: 20_000 })
    rmSync(commands[1]?.replace('rm -r ', '') ?? '', { recursive: true })
  })
})

describe('one message for', () => {
  test('no program', async () => {
    expect(plain(await refusal(start()))).toBe(
      '110: Redis from binary: neither redis-server nor valkey-server on PATH or in HERE/.cache/aftershock/bin\n' +
        '→ Add it: apt-get install redis-server',
    )
    const store = startObjectStore({ provider: 'binary' }, around.context())
    expect(plain(await refusal(store))).toMatch(
      /^110: object store from binary: no minio on PATH or in HERE\/\.cache\/aftershock\/bin\n→ Add MinIO: CGO_ENABLED=0 /,
    )
  })

  test('a path that is no program', async () => {
    expect(await refusal(start({}, { binary: '/etc/passwd' }))).toBe(
      '110: Redis from binary: /etc/passwd is no program\n→ Add it: apt-get install redis-server',
    )
  })

  test('a port that is taken', async () => {
    around.program('redis-server', listening())
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    expect(await refusal(start({}, { port }))).toBe(
      `110: Redis from binary: port ${port} of 127.0.0.1 is taken\n` +
        '→ End what listens there, or leave the port out: a free one is found.',
    )
    server.close()
    await once(server, 'close')
    const part = await start({}, { port })
    expect(part.access.port).toBe(port)
    await end(part)
  })

  test('ports that are taken again and again', async () => {
    around.program('redis-server', `console.log('bind: Address already in use'); process.exit(1)`)
    expect(plain(await refusal(start()))).toBe(
      '110: Redis from binary: binary HERE/bin/redis-server at redis://ADDRESS: it ended with code 1 before it was ready; the end of its log, HERE/logs/redis.log:\n' +
        `${'    bind: Address already in use\n'.repeat(3)}` +
        '→ The port is taken: end what listens there, or leave the port out.',
    )
  })

  test('a server that ends at once', async () => {
    around.program(
      'redis-server',
      `console.log('\\u001b[31mno such option\\u001b[0m'); process.exit(7)`,
    )
    expect(plain(await refusal(start()))).toBe(
      '110: Redis from binary: binary HERE/bin/redis-server at redis://ADDRESS: it ended with code 7 before it was ready; the end of its log, HERE/logs/redis.log:\n' +
        '    no such option\n→ `aftershock doctor` shows what else this machine has.',
    )
  })

  test('a full disk', async () => {
    around.program(
      'redis-server',
      `console.error('Write error saving DB on disk: No space left on device'); process.exit(1)`,
    )
    expect(plain(await refusal(start()))).toMatch(
      /No space left on device\n→ The disk is full: make room, or let TMPDIR name a folder that has some\.$/,
    )
  })

  test('a server that never answers', async () => {
    around.program('redis-server', FOR_EVER)
    const limits = { readyMs: 1_000, pullMs: 1, stopMs: 20_000 }
    expect(plain(await refusal(start({ limits })))).toBe(
      '110: Redis from binary: binary HERE/bin/redis-server at redis://ADDRESS: it was not ready within 1 s: connect ECONNREFUSED ADDRESS (nothing in its log, HERE/logs/redis.log)\n' +
        '→ `aftershock doctor` shows what else this machine has.',
    )
  })

  test('a server that takes what is sent and says nothing', async () => {
    around.program('redis-server', listening('{silent: true}'))
    const limits = { readyMs: 1_000, pullMs: 1, stopMs: 20_000 }
    expect(await refusal(start({ limits }))).toMatch(/it was not ready within 1 s: /)
  })

  test('a server of somebody else that has the port', async () => {
    around.program('redis-server', listening(`{password: 'of somebody else'}`))
    expect(plain(await refusal(start()))).toMatch(
      /it refuses: WRONGPASS .*\n {4}fake server HOME,PATH\n→ Give the password of this Redis: AFTERSHOCK_REDIS_PASSWORD\.$/s,
    )
  })

  test('a folder for logs that cannot be made', async () => {
    around.program('redis-server', listening())
    const logFolder = join(around.program('file', ''), 'logs')
    expect(plain(await refusal(start({ logFolder })))).toMatch(
      /^110: Redis from binary: ENOTDIR: not a directory, mkdir 'HERE\/bin\/file\/logs'/,
    )
  })

  test('no folder for what is temporary', async () => {
    around.program('redis-server', listening())
    const before = process.env.TMPDIR
    process.env.TMPDIR = join(around.path, 'gone')
    try {
      expect(plain(await refusal(start()))).toMatch(
        /^110: Redis from binary: ENOENT: no such file or directory, mkdir 'HERE\/gone\/aftershock-redis-/,
      )
    } finally {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    }
  })

  test('an interruption while it starts', async () => {
    around.program('redis-server', FOR_EVER)
    const controller = new AbortController()
    const starting = refusal(start({ signal: controller.signal }))
    while (servers().length === 0) await new Promise((resolve) => setImmediate(resolve))
    controller.abort()
    expect(await starting).toBe('105: Redis: interrupted while it was starting')
  })

  test('an interruption before it starts', async () => {
    around.program('redis-server', listening())
    expect(await refusal(start({ signal: AbortSignal.abort() }))).toBe(
      '105: Redis: interrupted while it was starting',
    )
    expect(existsSync(around.logFolder)).toBe(false)
  })
})

describeWith('redis', 'the real Redis', () => {
  test('is started, and ended', async () => {
    const part = await start({}, { binary: REDIS })
    expect(part.version).toMatch(/^(Redis|Valkey) \d+\.\d+\.\d+$/)
    expect(readFileSync(part.logFile ?? '', 'utf8')).toContain('Ready to accept connections')
    await end(part)
    expect(readFileSync(part.logFile ?? '', 'utf8')).toContain('ready to exit')
  })
})

describeWith('minio', 'the real MinIO', () => {
  test('is started, and ended', async () => {
    const part = await startObjectStore(
      { provider: 'binary', binary: MINIO ?? '' },
      around.context(),
    )
    expect(part.version).toMatch(/^MinIO (RELEASE|v\d|DEVELOPMENT)/)
    expect(part.endpoint).toBe(`http://127.0.0.1:${part.access.port}`)
    expect([part.accessKey, part.secretKey]).toEqual([
      expect.stringMatching(/^aftershock-[0-9a-f]{12}$/),
      expect.stringMatching(/^[0-9a-f]{40}$/),
    ])
    await end(part)
    expect(await part.exited).toBeUndefined()
  })
})
