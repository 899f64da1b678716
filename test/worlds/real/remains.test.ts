// What a killed process had on servers that are not ours, where it cannot be taken back, or must not.
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { giveParts, type PartsUp } from '../../../src/run/parts-up.ts'
import { sweep } from '../../../src/worlds/real/sweep.ts'
import { held, orphan } from './orphan.ts'
import { Surroundings } from './surroundings.ts'

const noContainers = async () => 0

let around: Surroundings
beforeEach(() => {
  around = new Surroundings()
})
afterEach(() => around[Symbol.dispose]())

async function listenSilently() {
  const server = createServer(() => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, [Symbol.asyncDispose]: async () => void server.close() }
}

test('a server that is gone, or says nothing, is asked again by a later start', async () => {
  await using silent = await listenSilently()
  const redis = { host: '127.0.0.1', port: silent.port, prefix: `aftershock-${randomUUID()}` }
  const store = { endpoint: 'http://127.0.0.1:1', accessKey: 'a', secretKey: 'b' }
  const bucket = `aftershock-${randomUUID()}`
  orphan(around.journals, [
    held(0, { kind: 'redis', redis, settings: {} }),
    held(1, { kind: 'bucket', store, bucket }),
  ])
  const { removed, left } = await sweep(around.journals, noContainers)
  expect([removed, left]).toEqual([
    [],
    [
      expect.stringContaining(`bucket ${bucket} on ${store.endpoint}: `),
      `keys and settings of ${redis.prefix} on the Redis at 127.0.0.1:${silent.port}: The operation was aborted due to timeout`,
    ],
  ])
  expect(around.held).toHaveLength(1)
})

test('nothing is removed that is not named as ours are', async () => {
  const database = { host: '127.0.0.1', port: 1, database: 'postgres' }
  const store = { endpoint: 'http://127.0.0.1:1', accessKey: 'a', secretKey: 'b' }
  orphan(around.journals, [
    held(0, { kind: 'bucket', store, bucket: 'theirs' }),
    held(1, { kind: 'database', database, name: 'theirs' }),
    held(2, {
      kind: 'redis',
      redis: { host: '127.0.0.1', port: 1, prefix: '*' },
      settings: {},
    }),
  ])
  const { removed, left } = await sweep(around.journals, noContainers)
  expect([removed, left.map((why) => why.split(': ').at(-1))]).toEqual([
    [],
    ['it is no prefix of ours', 'it is no database of ours', 'it is no bucket of ours'],
  ])
})

test('what a Redis that is gone at the end could not be asked to take back stays in the journal', async () => {
  const given: string[] = []
  const hold = () => ({ change: () => {}, giveBack: () => given.push('back') })
  const access = { host: '127.0.0.1', port: 1 }
  const up: PartsUp = {
    redis: async () => ({ describe: 'theirs', access, hold }),
    database: () => Promise.reject(new Error('is not used')),
  }
  const parts = await giveParts({ redis: { persists: true } }, up)
  parts.parts.redis?.onSetting?.('maxmemory', '0')
  await parts[Symbol.asyncDispose]()
  expect(given).toEqual([])
})
