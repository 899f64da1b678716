// A real run where the machine or its servers are not as they should be: one message, exit code 110, nothing left.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startMinio } from '../contracts/minio.ts'
import { describeWith } from '../worlds/real/needs.ts'
import { NOTHING, RealRun } from './real-run.ts'

// Processes are started here, and one server is waited for in vain: on a busy machine that takes its time.
vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 })

let run: RealRun
/** What was said to be waited for. */
let waited: readonly string[]
const servers: Server[] = []
beforeEach(() => {
  run = new RealRun()
})
afterEach(() => {
  run[Symbol.dispose]()
  for (const server of servers.splice(0)) server.close()
})

/** Nothing answers there, whatever this machine has. */
const NO_DOCKER = { DOCKER_HOST: 'tcp://127.0.0.1:1' }

async function refused(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  run.more = env
  run.start(args)
  const { code, stdout, stderr, waiting } = await run.ended()
  expect({ stdout, left: run.left }).toEqual({ stdout: '', left: NOTHING })
  waited = waiting.map(plain)
  return `${code}: ${plain(stderr).trimEnd()}`
}

const plain = (text: string) =>
  text.replaceAll(run.around.path, 'HERE').replaceAll(/127\.0\.0\.1:\d{4,5}\b/g, '127.0.0.1:PORT')

async function answering(status: number): Promise<string> {
  const server = http.createServer((_, response) => response.writeHead(status).end())
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('one message for', () => {
  test('no Docker', async () => {
    expect(await refused(['--objects', 'container'], NO_DOCKER)).toBe(
      '110: aftershock: object store from container: no Docker answers: nothing answers on its socket\n' +
        '  Add Docker: apt-get install docker.io   # then start dockerd',
    )
  })

  test('no program', async () => {
    const PATH = `${run.around.path}/bin`
    expect(await refused(['--objects', 'binary'], { PATH })).toMatch(
      /^110: aftershock: object store from binary: no minio on PATH or in HERE\/\.cache\/aftershock\/bin\n {2}Add MinIO: CGO_ENABLED=0 GOBIN=~\/\.cache\/aftershock\/bin /,
    )
  })

  test('a program that cannot start', async () => {
    run.around.program('minio', `console.log('FATAL no license'); process.exit(1)`)
    expect(await refused(['--objects', 'binary'])).toMatch(
      /^110: aftershock: object store from binary: binary HERE\/bin\/minio at http:\/\/127\.0\.0\.1:PORT: it ended with code 1 before it was ready; the end of its log, reports\/parts\/\S+\/objects\.log:\n {4}FATAL no license\n/,
    )
  })

  test('a store that answers 503 for ever: said while it is waited for', async () => {
    expect(await refused(['--objects', await answering(503)])).toBe(
      [
        '110: aftershock: object store from url: http://127.0.0.1:PORT: it was not ready within 30 s: it answers 503',
        '  `aftershock doctor` shows what else this machine has.',
      ].join('\n'),
    )
    expect(waited).toEqual([
      'waiting for the object store at http://127.0.0.1:PORT: it answers 503\n',
    ])
  })

  test('a target outside of this machine', async () => {
    expect(await refused(['--objects', 'http://10.1.2.3:9000'])).toBe(
      '104: aftershock: 10.1.2.3:9000 is neither on this machine nor started by this run: nothing is sent there\n' +
        '  Faults and load harm what they meet. If it is meant: --allow-target 10.1.2.3:9000',
    )
  })

  test.each([
    ['url', 'object store from url: no URL is given'],
    ['redis://127.0.0.1:6379', 'object store from url: its URL begins with redis://, not http://'],
  ])('--objects %s', async (objects, expected) => {
    expect(await refused(['--objects', objects])).toBe(
      `104: aftershock: ${expected}\n` +
        '  Name one: AFTERSHOCK_OBJECTS_URL=http://127.0.0.1:PORT, with AFTERSHOCK_OBJECTS_ACCESS_KEY and AFTERSHOCK_OBJECTS_SECRET_KEY.',
    )
  })
})

describeWith('minio', 'one message for', () => {
  test.each([
    [
      'nobody',
      'secret-key',
      /it refuses: InvalidAccessKeyId: .*\n {2}Give the keys of this store: /,
    ],
    [
      'somebody',
      'wrong-key',
      /it refuses: SignatureDoesNotMatch: .*\n {2}The secret key is not that /,
    ],
  ])('wrong credentials: %s, %s', async (accessKey, secretKey, expected) => {
    await using minio = await startMinio({ accessKey: 'somebody', secretKey: 'secret-key' })
    const said = await refused(['--objects', minio.endpoint], {
      AFTERSHOCK_OBJECTS_ACCESS_KEY: accessKey,
      AFTERSHOCK_OBJECTS_SECRET_KEY: secretKey,
    })
    expect(said).toMatch(
      /^110: aftershock: object store from url: http:\/\/127\.0\.0\.1:PORT: it refuses/,
    )
    expect(said).toMatch(expected)
  })
})

describeWith('docker', 'one message for', () => {
  test('an image that is nowhere', async () => {
    const image = 'aftershock-test/nowhere:0'
    expect(await refused(['--objects', 'container', '--objects-image', image])).toMatch(
      new RegExp(
        `^110: pulling ${image}\\naftershock: object store from container: image ${image} is not here and cannot be pulled: .*\\n {2}Fetch it where that is possible \\(docker pull ${image}\\), or let AFTERSHOCK_OBJECTS_IMAGE name one that is here\\.$`,
      ),
    )
  })
})
