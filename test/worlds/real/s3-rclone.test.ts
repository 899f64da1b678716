// The embedded server serves rclone, a client that nobody here wrote: copies, listings, syncs, uploads in parts.
import { spawn, spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type S3Server, startS3Server } from '../../../src/worlds/real/s3/server.ts'
import { KEY } from '../../contracts/s3-client.ts'

const lacks = spawnSync('rclone', ['version']).status === 0 ? '' : ' (no rclone on this machine)'
const BUCKET = 'images'
const FILES = 2_500
const NAMES = [
  ...Array.from({ length: FILES }, (_, i) => `人数统计/cam1/${String(i).padStart(6, '0')}.jpg`),
  'a b/c+d%&e~f.jpg',
  "q'u(o)t*e!.jpg",
  'empty',
]
const contentOf = (name: string) => (name === 'empty' ? '' : name)

let folder: string
let server: S3Server
let troubles: unknown[]

/** What it prints, or the reason why it failed. */
async function rclone(args: readonly string[], input = ''): Promise<string> {
  const child = spawn('rclone', args, {
    // Nothing of the user's own: neither configuration nor proxies nor certificates.
    env: {
      PATH: process.env.PATH ?? '',
      HOME: folder,
      RCLONE_CONFIG: join(folder, 'none.conf'),
      RCLONE_CONFIG_OWN_TYPE: 's3',
      RCLONE_CONFIG_OWN_PROVIDER: 'Minio',
      RCLONE_CONFIG_OWN_ACCESS_KEY_ID: KEY.accessKey,
      RCLONE_CONFIG_OWN_SECRET_ACCESS_KEY: KEY.secretKey,
      RCLONE_CONFIG_OWN_ENDPOINT: server.url,
      RCLONE_RETRIES: '1',
      RCLONE_LOG_LEVEL: 'ERROR',
    },
  })
  child.stdin.end(input)
  const [output, errors] = await Promise.all([buffer(child.stdout), buffer(child.stderr)])
  if (errors.length > 0) throw new Error(errors.toString())
  return output.toString()
}

function write(name: string, content: string | Buffer): void {
  const file = join(folder, 'source', name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, content)
}

const filesUnder = (root: string) =>
  readdirSync(join(folder, root), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, root).length + 1))
    .sort()

describe.skipIf(lacks !== '')(`rclone${lacks}`, { timeout: 120_000 }, () => {
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'aftershock-rclone-'))
    for (const name of NAMES) write(name, contentOf(name))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  beforeEach(async () => {
    troubles = []
    server = await startS3Server({
      clock: { now: () => Date.now() },
      credentials: KEY,
      buckets: [BUCKET],
      onTrouble: (error) => troubles.push(error),
    })
  })
  afterEach(async () => {
    await server[Symbol.asyncDispose]()
    expect(troubles).toEqual([])
  })

  test('syncs there and back, lists page by page, and removes', async () => {
    const source = join(folder, 'source')
    await rclone(['sync', source, `own:${BUCKET}`])
    for (const version of ['1', '2']) {
      const listed = await rclone([
        'lsf',
        '-R',
        '--files-only',
        `own:${BUCKET}`,
        '--s3-list-version',
        version,
      ])
      expect(listed.trim().split('\n').sort()).toEqual(NAMES.toSorted())
    }
    await rclone(['check', source, `own:${BUCKET}`])
    write('empty', 'not any more')
    rmSync(join(source, 'a b'), { recursive: true })
    await rclone(['sync', source, `own:${BUCKET}`])
    await rclone(['sync', `own:${BUCKET}`, join(folder, 'target')])
    expect(filesUnder('target')).toEqual(filesUnder('source'))
    for (const name of filesUnder('target'))
      expect(readFileSync(join(folder, 'target', name), 'utf8')).toBe(
        name === 'empty' ? 'not any more' : name,
      )
    await rclone(['delete', `own:${BUCKET}/人数统计`])
    expect(await rclone(['ls', `own:${BUCKET}`])).toBe(
      "       12 empty\n       14 q'u(o)t*e!.jpg\n",
    )
  })

  test('copies, shows, renames and touches single objects', async () => {
    write('one', 'hello')
    utimesSync(join(folder, 'source/one'), 1_600_000_000, 1_600_000_000)
    await rclone(['copyto', join(folder, 'source/one'), `own:${BUCKET}/人 1/+%&~`])
    expect(await rclone(['cat', `own:${BUCKET}/人 1/+%&~`])).toBe('hello')
    expect(await rclone(['cat', '--offset', '1', '--count', '3', `own:${BUCKET}/人 1/+%&~`])).toBe(
      'ell',
    )
    const times = (output: string) => output.replaceAll(/\.\d{9}/g, '')
    expect(times(await rclone(['lsl', '--use-server-modtime=false', `own:${BUCKET}`]))).toMatch(
      /^ {8}5 2020-09-1\d \d\d:26:40 人 1\/\+%&~\n$/,
    )
    await rclone(['moveto', `own:${BUCKET}/人 1/+%&~`, `own:${BUCKET}/two`])
    await rclone(['touch', '--timestamp', '2021-01-01T00:00:00', `own:${BUCKET}/two`])
    expect(await rclone(['cat', `own:${BUCKET}/two`])).toBe('hello')
    expect(await rclone(['md5sum', `own:${BUCKET}`])).toBe(
      '5d41402abc4b2a76b9719d911017c592  two\n',
    )
    await rclone(['deletefile', `own:${BUCKET}/two`])
    expect(await rclone(['ls', `own:${BUCKET}`])).toBe('')
  })

  test('uploads in parts, known to the end or not', async () => {
    const large = Buffer.alloc(11 << 20, 'aftershock').toString()
    write('large', large)
    const parts = [
      '--s3-chunk-size',
      '5M',
      '--s3-upload-cutoff',
      '5M',
      '--streaming-upload-cutoff',
      '1M',
    ]
    await rclone(['copyto', ...parts, join(folder, 'source/large'), `own:${BUCKET}/copied`])
    await rclone(['rcat', '--log-level', 'ERROR', ...parts, `own:${BUCKET}/streamed`], large)
    for (const name of ['copied', 'streamed'])
      expect((await rclone(['cat', `own:${BUCKET}/${name}`])) === large).toBe(true)
    expect(
      JSON.parse(await rclone(['backend', 'list-multipart-uploads', `own:${BUCKET}`])),
    ).toEqual({
      [BUCKET]: [],
    })
    rmSync(join(folder, 'source/large'))
  })

  test('makes, lists and removes buckets', async () => {
    await rclone(['mkdir', 'own:another'])
    expect((await rclone(['lsf', 'own:'])).split('\n')).toEqual(['another/', 'images/', ''])
    await rclone(['rcat', 'own:another/a/b'], 'x')
    await expect(rclone(['rmdir', 'own:another'])).rejects.toThrow('BucketNotEmpty')
    await rclone(['purge', 'own:another'])
    expect(await rclone(['lsf', 'own:'])).toBe('images/\n')
  })
})
