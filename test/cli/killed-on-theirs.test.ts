// A harness that is killed with kill -9 while it uses servers of the user's: the next start takes back what it did there.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { freePort } from '../../src/worlds/real/free-port.ts'
import { type S3Server, startS3Server } from '../../src/worlds/real/s3/server.ts'
import { KEY, S3Client, textsOf } from '../contracts/s3-client.ts'
import { describeWith, REDIS } from '../worlds/real/needs.ts'
import { NOTHING, RealRun } from './real-run.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Jobs wait in a queue, keys are watched for, and the memory is gone. */
const SCENARIO = `
name: theirs
pipeline:
  kind: process
  processes: {idle: {command: [node, -e, 'console.log("up"); setInterval(() => {}, 1000)', '{redis.url}'], ready: {log: up}}}
  offer: {kind: bullmq, queue: jobs, data: {id: '{item}'}}
  outcomes: [{on: redis, key: 'result:*', fate: succeeded}]
load: {kind: arrivals, rate: 5/s, for: FOR}
settle: 1s
faults: [{kind: redis.full, at: 1s}]
thresholds: {item_lost: [rate<0.01]}
`
const SHORT =
  'pipeline: {kind: inference, services: 1}\nload: {kind: arrivals, rate: 5/s, for: 1s}\nthresholds: {item_lost: [rate<0.5]}\n'
const SETTINGS = { maxmemory: '67108864', 'notify-keyspace-events': 'xE' }

describeWith('redis', 'after kill -9', () => {
  let run: RealRun
  let server: ChildProcess
  let asks: Redis
  let store: S3Server

  const settings = async () =>
    Object.fromEntries(
      await Promise.all(
        Object.keys(SETTINGS).map((name) => asks.config('GET', name) as Promise<string[]>),
      ),
    )
  const buckets = async () => {
    const { body } = await new S3Client(store.url).call('GET', '/')
    return textsOf(body, 'Name')
  }

  beforeEach(async () => {
    run = new RealRun({ 'long.yaml': SCENARIO.replace('FOR', '1h'), 'short.yaml': SHORT })
    const port = await freePort()
    const set = Object.entries(SETTINGS).flatMap(([name, value]) => [`--${name}`, value])
    server = spawn(REDIS ?? '', ['--port', String(port), '--save', '', ...set], { stdio: 'ignore' })
    asks = new Redis({ host: '127.0.0.1', port, retryStrategy: () => 50 })
    asks.on('error', () => {})
    await asks.set('theirs', '1')
    store = await startS3Server({
      clock: { now: () => Date.now() },
      credentials: KEY,
      buckets: ['theirs'],
      onTrouble: (error) => expect.unreachable(String(error)),
    })
  })
  afterEach(async () => {
    run[Symbol.dispose]()
    asks.disconnect()
    server.kill('SIGKILL')
    await once(server, 'exit')
    await store[Symbol.asyncDispose]()
  })

  test('settings, keys and bucket are as before the run, and theirs are untouched', async () => {
    const { accessKey, secretKey } = KEY
    run.more = {
      AFTERSHOCK_OBJECTS: store.url.replace('://', `://${accessKey}:${secretKey}@`),
      AFTERSHOCK_REDIS: `redis://127.0.0.1:${asks.options.port}`,
    }
    const flags = ['--world', 'real', '--no-out-dir']
    run.startWith(['run', 'long.yaml', ...flags])
    await vi.waitFor(async () => expect((await settings()).maxmemory).toBe('1'), {
      timeout: 30_000,
    })
    await run.signalled('SIGKILL')
    expect((await settings())['notify-keyspace-events']).not.toBe('xE')
    expect(await buckets()).toHaveLength(2)

    run.startWith(['run', 'short.yaml', ...flags])
    const { stderr, code } = await run.ended()
    expect(stderr).toMatch(
      /removed what an earlier run had left: keys and settings of aftershock-\S+ on the Redis at \S+; what its processes wrote stays in database 1/,
    )
    expect(stderr).toMatch(/removed what an earlier run had left: bucket aftershock-/)
    expect({ code, settings: await settings(), buckets: await buckets() }).toEqual({
      code: 0,
      settings: SETTINGS,
      buckets: ['theirs'],
    })
    expect([await asks.keys('*'), run.left]).toEqual([['theirs'], NOTHING])
  })
})
