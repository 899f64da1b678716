// Parts in containers, with a runtime that is acted out, and with the real one where it is there.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ContainerSpec, Containers } from '../../../src/worlds/real/containers.ts'
import { docker } from '../../../src/worlds/real/docker.ts'
import { startObjectStore } from '../../../src/worlds/real/providers/object-store.ts'
import type { PartContext, PartOptions } from '../../../src/worlds/real/providers/part.ts'
import { startRedis } from '../../../src/worlds/real/providers/redis.ts'
import { openJournal } from '../../../src/worlds/real/sweep.ts'
import { listenAs } from './fake-redis.ts'
import { describeWith, IMAGES } from './needs.ts'
import { noContainers, refusal, Surroundings } from './surroundings.ts'

// Processes are started here: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let around: Surroundings
beforeEach(() => {
  around = new Surroundings()
})
afterEach(() => {
  expect(around.held).toEqual([])
  around[Symbol.dispose]()
})

/** A runtime whose containers are servers in this process. */
class Acted implements Containers {
  readonly did: string[] = []
  readonly images: string[]
  spec: ContainerSpec | undefined
  server: Server | undefined
  /** What the journal says when a container is about to be created. */
  journal = ''
  fails: Partial<Record<'run' | 'pull' | 'remove', string>> = {}
  readonly ended = Promise.withResolvers<string>()

  constructor(...images: string[]) {
    this.images = images
  }

  async version() {
    return 'Docker 1.2.3'
  }

  async has(image: string) {
    return this.images.includes(image)
  }

  async pull(image: string) {
    this.did.push(`pull ${image}`)
    if (this.fails.pull === 'never') return new Promise<never>(() => {})
    if (this.fails.pull !== undefined) throw new Error(this.fails.pull)
    this.images.push(image)
  }

  async run(spec: ContainerSpec) {
    this.did.push(`run ${spec.image}`)
    this.spec = spec
    this.journal = around.held
      .map((name) => readFileSync(`${around.journals}/${name}`, 'utf8'))
      .join()
    if (this.fails.run !== undefined) throw new Error(this.fails.run)
    appendFileSync(spec.logFile, 'said inside\n')
    const password = spec.command[spec.command.indexOf('--requirepass') + 1] ?? ''
    this.server = listenAs(['--port', '0', '--requirepass', password])
    await once(this.server, 'listening')
    const { port } = this.server.address() as AddressInfo
    return {
      id: '0123456789abcdef',
      host: '127.0.0.1',
      port,
      digest: 'sha256:abc',
      ended: this.ended.promise,
      stop: async (withinMs: number) => {
        this.did.push(`stop ${withinMs}`)
        this.ended.resolve('with code 0')
      },
    }
  }

  async remove(label: string) {
    this.did.push(`remove ${label === this.#label ? 'it' : label}`)
    if (this.fails.remove !== undefined) throw new Error(this.fails.remove)
    this.server?.close()
    return 1
  }

  removeAtExit() {}

  get #label() {
    return `aftershock.id=${this.spec?.labels['aftershock.id']}`
  }
}

const start = (
  containers: Containers,
  options: Partial<PartOptions> = {},
  more: Partial<PartContext> = {},
) => startRedis({ provider: 'container', ...options }, around.context({ containers, ...more }))

const plain = (text: string) =>
  text.replaceAll(around.path, 'HERE').replaceAll(/127\.0\.0\.1:\d+/g, 'ADDRESS')

describe('a container', () => {
  test('of an image that is here is started without pulling, and removed when it is given back', async () => {
    const acted = new Acted('mine')
    const part = await start(acted, { image: 'mine' })
    const { port } = part.access
    expect({ ...part, describe: plain(part.describe) }).toEqual({
      kind: 'redis',
      provider: 'container',
      endpoint: `redis://127.0.0.1:${port}`,
      access: { host: '127.0.0.1', port, tls: false, secretKey: part.secretKey },
      secretKey: expect.stringMatching(/^[0-9a-f]{40}$/),
      version: 'Redis 7.7.7 sha256:abc',
      describe: 'Redis: Redis 7.7.7 sha256:abc, container of mine, Docker 1.2.3, redis://ADDRESS',
      logFile: `${around.logFolder}/redis.log`,
      passedOver: [],
      exited: expect.any(Promise),
      keep: expect.any(Function),
      [Symbol.asyncDispose]: expect.any(Function),
    })
    const id = acted.spec?.labels['aftershock.id']
    expect(acted.spec).toEqual({
      image: 'mine',
      command: [
        ...['redis-server', '--bind', '0.0.0.0', '--port', '6379'],
        ...['--requirepass', part.secretKey, '--dir', '/data'],
        ...['--save', '', '--appendonly', 'no', '--daemonize', 'no'],
      ],
      environment: {},
      port: 6379,
      labels: {
        'aftershock.id': id,
        'aftershock.part': 'redis',
        'aftershock.owner': String(process.pid),
      },
      logFile: `${around.logFolder}/redis.log`,
    })
    expect(acted.journal).toBe(
      `{"held":0,"handle":{"kind":"container","label":"aftershock.id=${id}"}}\n`,
    )
    await part[Symbol.asyncDispose]()
    expect(await part.exited).toBeUndefined()
    expect(acted.did).toEqual(['run mine', 'stop 20000', 'remove it'])
  })

  test('of an image that is not here is pulled first, and that is said', async () => {
    const acted = new Acted()
    const said: string[] = []
    const part = await start(acted, { image: 'far@sha256:0' }, { say: (line) => said.push(line) })
    expect(acted.did).toEqual(['pull far@sha256:0', 'run far@sha256:0'])
    expect(said).toEqual(['pulling far@sha256:0'])
    await part[Symbol.asyncDispose]()
  })

  test('takes another command, port and environment, for an image that is another server', async () => {
    const acted = new Acted('mine')
    acted.fails.run = 'seen'
    const container = { command: ['serve', '/d'], port: 7, environment: { A: 'b' } }
    const options = { provider: 'container', image: 'mine', port: 9, container } as const
    await refusal(startObjectStore(options, around.context({ containers: acted })))
    expect(acted.spec).toMatchObject({
      command: ['serve', '/d'],
      port: 7,
      hostPort: 9,
      environment: { MINIO_BROWSER: 'off', A: 'b' },
    })
  })

  test('that ends during the run is reported, with what it said', async () => {
    const acted = new Acted('mine')
    const part = await start(acted, { image: 'mine' })
    acted.ended.resolve('with code 137')
    expect(plain((await part.exited)?.message ?? '')).toBe(
      'Redis from container: it ended with code 137 during the run; the end of its log, HERE/logs/redis.log:\n    said inside',
    )
    await part[Symbol.asyncDispose]()
  })

  test('whose runtime goes away is reported', async () => {
    const acted = new Acted('mine')
    const part = await start(acted, { image: 'mine' })
    acted.ended.reject(new Error('socket hang up'))
    expect((await part.exited)?.message).toMatch(/it ended with its runtime: socket hang up during/)
    await part[Symbol.asyncDispose]()
  })

  test('can be left up, with the command that ends it', async () => {
    const acted = new Acted('mine')
    const part = await start(acted, { image: 'mine' })
    expect(part.keep()).toEqual(['docker rm -f -v 0123456789ab'])
    await part[Symbol.asyncDispose]()
    expect(acted.did).toEqual(['run mine'])
    acted.server?.close()
  })

  test('that cannot be removed is said, and stays in the journal for the next start', async () => {
    const acted = new Acted('mine')
    const said: string[] = []
    const part = await start(acted, { image: 'mine' }, { say: (line) => said.push(line) })
    acted.fails.remove = 'nothing answers on its socket'
    await part[Symbol.asyncDispose]()
    const label = `aftershock.id=${acted.spec?.labels['aftershock.id']}`
    expect(said).toEqual([
      `container ${label} is left for the next start to remove: nothing answers on its socket`,
    ])
    expect(around.held).toHaveLength(1)
    // The process goes on in this test; the next start is another journal's.
    const [name = ''] = around.held
    expect(readFileSync(`${around.journals}/${name}`, 'utf8')).toContain(label)
    acted.server?.close()
    around[Symbol.dispose]()
    around = new Surroundings()
  })
})

describe('one message for', () => {
  test('no Docker', async () => {
    const none = noContainers('none of its sockets is there')
    expect(await refusal(start(none))).toBe(
      '110: Redis from container: no Docker answers: none of its sockets is there\n' +
        '→ Add Docker: apt-get install docker.io   # then start dockerd',
    )
  })

  test('an image that cannot be had', async () => {
    const acted = new Acted()
    acted.fails.pull = '(HTTP code 404) manifest unknown '
    expect(await refusal(start(acted, { image: 'gone:1' }))).toBe(
      '110: Redis from container: image gone:1 is not here and cannot be pulled: (HTTP code 404) manifest unknown\n' +
        '→ Fetch it where that is possible (docker pull gone:1), or let AFTERSHOCK_REDIS_IMAGE name one that is here.',
    )
    expect(acted.did).toEqual(['pull gone:1'])
  })

  test('an image that takes for ever', async () => {
    const acted = new Acted()
    acted.fails.pull = 'never'
    const limits = { readyMs: 20_000, pullMs: 20, stopMs: 1 }
    expect(await refusal(start(acted, { image: 'far' }, { limits }))).toMatch(
      /^110: Redis from container: image far is not here and cannot be pulled: not whole within 0\.02 s\n/,
    )
  })

  test('an interruption while it is pulled', async () => {
    const acted = new Acted()
    acted.fails.pull = 'never'
    const controller = new AbortController()
    const say = () => controller.abort()
    expect(await refusal(start(acted, { image: 'far' }, { signal: controller.signal, say }))).toBe(
      '105: Redis: interrupted while it was starting',
    )
  })

  test('a container that cannot be started: it is removed', async () => {
    const acted = new Acted('mine')
    acted.fails.run = 'driver failed: Bind for 127.0.0.1:9 failed: port is already allocated'
    expect(await refusal(start(acted, { image: 'mine', port: 9 }))).toBe(
      '110: Redis from container: mine: driver failed: Bind for 127.0.0.1:9 failed: port is already allocated\n' +
        '→ The port is taken: end what listens there, or leave the port out.',
    )
    expect(acted.did).toEqual(['run mine', 'remove it'])
  })

  test('a container that never answers: it is removed', async () => {
    const acted = new Acted('mine')
    const limits = { readyMs: 1_000, pullMs: 1, stopMs: 7 }
    const container = { command: ['--requirepass', 'another'] }
    expect(plain(await refusal(start(acted, { image: 'mine', container }, { limits })))).toBe(
      '110: Redis from container: container of mine, Docker 1.2.3 at redis://ADDRESS: it refuses: WRONGPASS invalid username-password pair or user is disabled.; the end of its log, HERE/logs/redis.log:\n    said inside\n' +
        '→ Give the password of this Redis: AFTERSHOCK_REDIS_PASSWORD.',
    )
    expect(acted.did).toEqual(['run mine', 'stop 7', 'remove it'])
  })
})

describeWith('docker', 'real containers', () => {
  const labelled = (owner: number | undefined) =>
    spawnSync('docker', ['ps', '-aq', '--filter', `label=aftershock.owner=${owner}`], {
      encoding: 'utf8',
    })
      .stdout.split('\n')
      .filter((line) => line !== '')

  test('Redis and MinIO are started on this machine alone, and removed', async () => {
    const redis = await start(docker, { image: IMAGES.redis })
    const context = around.context({ containers: docker })
    const options = { provider: 'container', image: IMAGES.minio } as const
    const store = await startObjectStore(options, context)
    expect([redis.version, store.version]).toEqual([
      expect.stringMatching(/^Redis \d+\.\d+\.\d+ sha256:[0-9a-f]{64}$/),
      expect.stringMatching(/^MinIO sha256:[0-9a-f]{64}$/),
    ])
    const ports = labelled(process.pid).map(
      (id) => spawnSync('docker', ['port', id], { encoding: 'utf8' }).stdout,
    )
    expect(ports.sort()).toEqual([
      `6379/tcp -> 127.0.0.1:${redis.access.port}\n`,
      `9000/tcp -> 127.0.0.1:${store.access.port}\n`,
    ])
    await store[Symbol.asyncDispose]()
    await redis[Symbol.asyncDispose]()
    expect(labelled(process.pid)).toEqual([])
    expect(readFileSync(redis.logFile ?? '', 'utf8')).toMatch(
      /Ready to accept connections(.*\n)*.*bye bye/,
    )
  })

  test('a container that ends at once is told with what it said, and removed', async () => {
    const container = { command: ['redis-server', '--port', 'none'] }
    const said = await refusal(start(docker, { image: IMAGES.redis, container }))
    // Whether it had come up before is a matter of luck.
    expect(said).toMatch(/^110: .*: it ended with code 1 (at once|before it was ready); the end of/)
    expect(said).toMatch(/argument couldn't be parsed into an integer\n→ /)
    expect(labelled(process.pid)).toEqual([])
  })

  test('a port that is taken is told', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const said = await refusal(start(docker, { image: IMAGES.redis, port }))
    expect(said).toMatch(/address already in use|port is already allocated/)
    expect(said).toMatch(/→ The port is taken: end what listens there, or leave the port out\.$/)
    server.close()
    expect(labelled(process.pid)).toEqual([])
  })

  test('an image that is nowhere is told', async () => {
    const said = await refusal(start(docker, { image: 'aftershock-test/nowhere:0' }))
    expect(said).toMatch(
      /^110: Redis from container: image aftershock-test\/nowhere:0 is not here and cannot be pulled: /,
    )
  })

  const leave = async (end: string) => {
    mkdirSync(around.logFolder, { recursive: true })
    const starter = fileURLToPath(new URL('./starter.ts', import.meta.url))
    const child = spawn(process.execPath, [starter, IMAGES.redis, around.logFolder, end], {
      env: { ...process.env, ...around.environment, PATH: process.env.PATH },
    })
    await once(child.stdout, 'data')
    return child
  }

  test('what a killed process leaves is removed by the next start', async () => {
    const child = await leave('wait')
    child.kill('SIGKILL')
    await once(child, 'exit')
    expect(labelled(child.pid)).toHaveLength(1)
    const { journal, swept } = await openJournal(around.environment, docker.remove)
    journal[Symbol.dispose]()
    expect(swept).toEqual({
      removed: [expect.stringMatching(/^container aftershock\.id=/)],
      left: [],
    })
    expect(labelled(child.pid)).toEqual([])
  })

  test('a process that ends by exit leaves none', async () => {
    const child = await leave('exit')
    await once(child, 'exit')
    expect({ containers: labelled(child.pid), held: around.held }).toEqual({
      containers: [],
      held: [],
    })
  })
})
