// What a run's history is for: events in a file, one item's life, and two runs compared event by event.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { aftershock } from './aftershock.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'aftershock-test-'))
  await writeFile(
    join(folder, 'small.yaml'),
    `name: small
pipeline: {kind: inference, services: 2, tasks: 1, call: {attempts: 1}}
load: {kind: arrivals, rate: 2/s, for: 20s}
faults:
  - {kind: status, route: fetch, status: 404, code: NoSuchKey, at: 10s, for: 5s}
thresholds: {item_lost: ['rate<0.9']}
`,
  )
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const here = (...args: string[]) => aftershock(args, { cwd: folder })

describe('--events', () => {
  test('writes each run as lines of JSON: the run, its offers, calls, faults and fates', async () => {
    const { code } = await here('run', 'small.yaml', '--events', 'e.ndjson', '--seeds', '2')
    expect(code).toBe(0)
    const text = await readFile(join(folder, 'e.ndjson'), 'utf8')
    const events = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { event: string; seed?: number; fate?: string })
    expect(events.filter((e) => e.event === 'run').map((e) => e.seed)).toEqual([1, 2])
    const count = (event: string) => events.filter((e) => e.event === event).length
    expect([count('offer'), count('fate'), count('inject'), count('heal')]).toEqual([80, 80, 2, 2])
    const times = events.flatMap((e) => ('atMs' in e ? [e.atMs as number] : []))
    expect(times.length).toBe(events.length - 2)
  })

  test('a file that cannot be written is refused before anything runs', async () => {
    const { code, stderr } = await here('run', 'small.yaml', '--events', 'no/such/e.ndjson')
    expect([code, stderr]).toEqual([
      104,
      "aftershock: --events: cannot write 'no/such/e.ndjson': there is no directory no/such\n",
    ])
  })
})

describe('trace', () => {
  test('tells the life of the first item that failed, from offer to fate', async () => {
    const { code, stdout } = await here('trace', 'failed', 'small.yaml')
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(11)
    expect(lines[0]).toMatch(/^人数统计\/cam1\/\d{8}\.jpg · item \d+ · small · default · seed 1$/)
    expect(lines[1]).toMatch(/^ {2}0:00:\d\d\.\d{3} +\+0s {2}offered$/)
    expect(lines.at(-1)).toMatch(/failed +at fetch: http-404 NoSuchKey$/)
    // By its key and by its number it is the same.
    const [key = '', number = ''] = (lines[0] ?? '').split(' · ')
    for (const name of [key, number.replace('item ', '')])
      expect((await here('trace', name, 'small.yaml')).stdout).toBe(stdout)
  })

  test('says what there is when there is no such item', async () => {
    const found = await Promise.all([
      here('trace', 'skipped', 'small.yaml'),
      here('trace', '4000', 'small.yaml'),
    ])
    expect(found.map(({ code, stderr }) => [code, stderr])).toEqual([
      [104, 'small.yaml: no item of this run is skipped, of 40 offered\n'],
      [
        104,
        "small.yaml: no item '4000' in this run, which offers 40; write a key, a number from 0, or lost, succeeded, failed, skipped, rejected, discarded\n",
      ],
    ])
  })
})

test('--check-determinism says that both runs told the same', async () => {
  const { code, stderr } = await here('run', 'small.yaml', '--check-determinism', '--seeds', '2')
  expect([code, stderr]).toEqual([0, '2 runs, each done twice: the same events\n'])
})
