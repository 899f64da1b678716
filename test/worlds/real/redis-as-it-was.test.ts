// A Redis may be the user's: whatever a run has told it is taken back, however the run ends.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { giveParts, type PartsUp } from '../../../src/run/parts-up.ts'
import { freePort } from '../../../src/worlds/real/free-port.ts'
import { PartCounts } from '../../../src/worlds/real/part-counts.ts'
import { RedisGrip } from '../../../src/worlds/real/redis/grip.ts'
import { KeyWatch } from '../../../src/worlds/real/redis/key-watch.ts'
import { RealTime } from '../../../src/worlds/real/time.ts'
import { describeWith, REDIS } from './needs.ts'

describeWith('redis', 'a server of the user’s', () => {
  let server: ChildProcess
  let asks: Redis
  let redis: { host: string; port: number; prefix: string; persists: boolean }
  const told = async (setting: string) => ((await asks.config('GET', setting)) as string[])[1]

  beforeEach(async () => {
    const port = await freePort()
    redis = { host: '127.0.0.1', port, prefix: 'run', persists: true }
    const args = ['--port', String(port), '--save', '', '--maxmemory', '64mb']
    server = spawn(REDIS ?? '', [...args, '--notify-keyspace-events', 'Ex'], { stdio: 'ignore' })
    asks = new Redis({ ...redis, keyPrefix: '', retryStrategy: () => 50 })
    asks.on('error', () => {})
    await asks.ping()
  })
  afterEach(async () => {
    asks.disconnect()
    server.kill('SIGKILL')
    await once(server, 'exit')
  })

  test('has its memory back, though the fault was never healed', async () => {
    const before = await told('maxmemory')
    const setup = { ioredis: { Redis }, redis, counts: new PartCounts(), meters: () => [] }
    const grip = new RedisGrip({
      ...setup,
      onTrouble: (error) => expect.unreachable(String(error)),
    })
    grip.fill()
    await grip.settled()
    expect([before, await told('maxmemory')]).toEqual(['67108864', '1'])
    await grip[Symbol.asyncDispose]()
    expect(await told('maxmemory')).toBe(before)
  })

  test('tells of its keys what it told before', async () => {
    const before = await told('notify-keyspace-events')
    const keys: string[] = []
    const watch = await KeyWatch.start({
      redis,
      globs: ['result-*'],
      time: new RealTime(1, 0),
      tell: (fact) => fact.fact === 'key' && keys.push(fact.key),
      itemOf: () => 0,
    })
    await asks.set('result-1', 'done')
    await vi.waitFor(() => expect(keys).toEqual(['result-1']))
    expect(await told('notify-keyspace-events')).not.toBe(before)
    await watch[Symbol.asyncDispose]()
    expect(await told('notify-keyspace-events')).toBe(before)
  })

  test('is set as it was when a run is over, and the journal knows nothing of it any more', async () => {
    const before = await told('maxmemory')
    const given: string[] = []
    const hold = () => ({ change: () => {}, giveBack: () => given.push('back') })
    const { host, port } = redis
    const up: PartsUp = {
      redis: async () => ({ describe: 'theirs', access: { host, port }, hold }),
      database: () => Promise.reject(new Error('is not used')),
    }
    const parts = await giveParts({ redis: { persists: true } }, up)
    parts.parts.redis?.onSetting?.('maxmemory', before ?? '')
    await asks.config('SET', 'maxmemory', '1')
    await parts[Symbol.asyncDispose]()
    expect([await told('maxmemory'), given]).toEqual([before, ['back']])
  })
})
