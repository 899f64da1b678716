// What a run may send anything to: loopback in all its spellings, its own parts, and what is allowed by name.
import { expect, test } from 'vitest'
import { checkTarget, type Resolve, withoutSecrets } from '../../../src/worlds/real/targets.ts'

const NAMES: Readonly<Record<string, readonly string[]>> = {
  localhost: ['127.0.0.1', '::1'],
  'here.test': ['127.0.0.1'],
  'mixed.test': ['127.0.0.1', '10.0.0.1'],
  'far.test': ['10.0.0.1'],
  'empty.test': [],
}

/** Names as this test has them. Any other is not known. */
const resolve: Resolve = async (name) => {
  const addresses = NAMES[name]
  if (addresses === undefined) throw new Error(`getaddrinfo ENOTFOUND ${name}`)
  return addresses
}

async function check(url: string, allowed: readonly string[] = [], own: readonly string[] = []) {
  try {
    const { host, port, why } = await checkTarget(url, allowed, own, resolve)
    return `${why}: ${host} ${port}`
  } catch (error) {
    const { exitCode, message } = error as { readonly exitCode: number; readonly message: string }
    return `${exitCode} ${message}`
  }
}

test.each([
  ['http://127.0.0.1:9000', '127.0.0.1 9000'],
  ['http://127.0.0.1', '127.0.0.1 80'],
  ['https://127.1.2.3/a/b?c', '127.1.2.3 443'],
  ['http://[::1]:9000', '::1 9000'],
  ['http://[::ffff:127.0.0.1]:9000', '::ffff:7f00:1 9000'],
  ['http://[0:0:0:0:0:ffff:7f00:0001]', '::ffff:7f00:1 80'],
  ['http://localhost:9000', 'localhost 9000'],
  ['http://LOCALHOST.:9000', 'localhost 9000'],
  ['http://here.test', 'here.test 80'],
  ['http://2130706433', '127.0.0.1 80'],
  ['http://0x7f000001', '127.0.0.1 80'],
  ['http://0x7f.1', '127.0.0.1 80'],
  ['http://0177.0.0.1', '127.0.0.1 80'],
  ['http://127.1', '127.0.0.1 80'],
  ['http://①②⑦.0.0.1', '127.0.0.1 80'],
  ['http://user:secret@127.0.0.1', '127.0.0.1 80'],
  // Rules for URLs leave the hosts of these schemes as they are; a client that looks them up does not.
  ['redis://2130706433', '127.0.0.1 6379'],
  ['rediss://:secret@0x7f.1:7000/2', '127.0.0.1 7000'],
  ['postgresql://u:p@LocalHost./db', 'localhost 5432'],
])('%s is on this machine', async (url, place) => {
  expect(await check(url)).toBe(`loopback: ${place}`)
})

test.each([
  ['http://10.0.0.1:9000', '10.0.0.1:9000'],
  ['https://far.test', 'far.test:443', 'it is 10.0.0.1'],
  ['http://mixed.test', 'mixed.test:80', 'it is 10.0.0.1'],
  ['http://empty.test', 'empty.test:80', 'it has no address'],
  ['http://unknown.test', 'unknown.test:80', 'it has no address'],
  ['http://0.0.0.0:9000', '0.0.0.0:9000', 'it is no address to send to'],
  ['http://0', '0.0.0.0:80', 'it is no address to send to'],
  ['http://[::]', '[::]:80', 'it is no address to send to'],
  ['http://[::ffff:0.0.0.0]', '[::ffff:0:0]:80', 'it is no address to send to'],
  ['http://[::ffff:10.0.0.1]', '[::ffff:a00:1]:80'],
  ['http://[::127.0.0.1]', '[::7f00:1]:80'],
  ['http://128.0.0.1', '128.0.0.1:80'],
  ['http://126.255.255.255', '126.255.255.255:80'],
  ['http://2852039166', '169.254.169.254:80'],
  ['http://127.0.0.1@far.test/', 'far.test:80', 'it is 10.0.0.1'],
  ['http://127.0.0.1:80@far.test/', 'far.test:80', 'it is 10.0.0.1'],
  ['http://far.test\\@127.0.0.1/', 'far.test:80', 'it is 10.0.0.1'],
  ['http://far.test#@127.0.0.1', 'far.test:80', 'it is 10.0.0.1'],
  ['http://far.test?@127.0.0.1', 'far.test:80', 'it is 10.0.0.1'],
  ['http://127.0.0.1.far.test', '127.0.0.1.far.test:80', 'it has no address'],
  ['http://localhost.far.test', 'localhost.far.test:80', 'it has no address'],
  ['redis://3232235521', '192.168.0.1:6379'],
])('%s is refused', async (...[url, place, because]: readonly string[]) => {
  const why = because === undefined ? '' : ` (${because})`
  expect(await check(url ?? '')).toBe(
    `104 ${place} is neither on this machine nor started by this run${why}: nothing is sent there`,
  )
})

test.each([
  ['127.0.0.1:9000', '127.0.0.1:9000'],
  ['', ''],
  ['ftp://127.0.0.1', 'ftp://127.0.0.1'],
  ['file:///etc/passwd', 'file:///etc/passwd'],
  ['unix:/var/run/docker.sock', 'unix:/var/run/docker.sock'],
  ['redis:///0', 'redis:///0'],
  ['http://[::1%25lo]', 'http://[::1%25lo]'],
  ['http://user:secret@', 'http://'],
  ['http://user:secret@[1]', 'http://[1]'],
])('%s is no URL of a server', async (url, shown) => {
  expect(await check(url)).toBe(`104 '${shown}' is no URL of a server`)
})

test.each([
  ['http://10.0.0.1:9000', ['10.0.0.1'], 'allowed: 10.0.0.1 9000'],
  ['http://10.0.0.1:9000', ['10.0.0.1:9000'], 'allowed: 10.0.0.1 9000'],
  ['http://167772161:9000', ['10.1', '10.0.0.1:9000'], 'allowed: 10.0.0.1 9000'],
  ['http://Far.Test.', ['other.test', 'far.test'], 'allowed: far.test 80'],
  ['http://unknown.test', ['UNKNOWN.test.:80'], 'allowed: unknown.test 80'],
  ['http://[fd00::1]:9000', ['[fd00::1]:9000'], 'allowed: fd00::1 9000'],
  ['http://[fd00::1]:9000', ['fd00:0::1'], 'allowed: fd00::1 9000'],
])('%s is allowed by %s', async (url, allowed, expected) => {
  expect(await check(url, allowed)).toBe(expected)
})

test.each([
  ['another port', 'http://10.0.0.1:9000', ['10.0.0.1:9001']],
  ['the port that the scheme has', 'http://10.0.0.1', ['10.0.0.1:443']],
  ['another host', 'http://10.0.0.1', ['10.0.0.2']],
  ['a domain above it', 'http://deep.far.test', ['far.test']],
  ['an address of it', 'http://far.test', ['10.0.0.1']],
])('%s allows nothing', async (_what, url, allowed) => {
  expect(await check(url, allowed)).toMatch(/^104 .* is neither on this machine/)
})

test.each([
  '',
  '*',
  '*.far.test',
  'far.test:',
  'far.test:0',
  'far.test:65536',
  'http://far.test',
  'far.test/path',
  'user@far.test',
  'far test',
])("--allow-target '%s' is refused", async (place) => {
  expect(await check('http://10.0.0.1', [place])).toBe(
    `104 --allow-target: '${place}' is no host or host:port`,
  )
})

test('a part of the run is its own wherever it runs, at its port alone', async () => {
  const own = ['10.0.0.1:32768', '[fd00::1]:32769']
  expect(await check('http://10.0.0.1:32768', [], own)).toBe('own: 10.0.0.1 32768')
  expect(await check('redis://[fd00::1]:32769', [], own)).toBe('own: fd00::1 32769')
  expect(await check('http://10.0.0.1:32769', [], own)).toMatch(/^104 10\.0\.0\.1:32769 is neither/)
})

test('names are looked up as clients do', async () => {
  expect(await checkTarget('http://localhost:9000', [], [])).toEqual({
    host: 'localhost',
    port: 9000,
    why: 'loopback',
  })
})

test('nothing is looked up for an address', async () => {
  const never: Resolve = () => Promise.reject(new Error('looked up'))
  expect(await checkTarget('http://[::1]', [], [], never)).toMatchObject({ why: 'loopback' })
  await expect(checkTarget('http://10.0.0.1', [], [], never)).rejects.toThrow('10.0.0.1:80')
})

test('what stands before an @ is not shown', () => {
  expect(withoutSecrets('redis://:secret@host:1/0')).toBe('redis://host:1/0')
  expect(withoutSecrets('user:secret@host')).toBe('host')
  expect(withoutSecrets('http://host/a@b')).toBe('http://host/a@b')
})
