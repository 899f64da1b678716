// What a scenario can say of processes beside the rest: settings in a file, copies, a restart, what runs already, quotas.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

const FLAGS = ['--world', 'real', '--objects', 'embedded', '--quiet']

function runsIn(folder: Folder): readonly RunResult[] {
  return (JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary).runs
}

describe('a service that reads its settings from a file written for it', () => {
  let runs: ReadonlyMap<string, RunResult> = new Map()
  const folder = new Folder()
  beforeAll(async () => {
    const file = 'test/fixtures/keeper/keeper.yaml'
    await aftershock(['run', file, ...FLAGS, '--summary-export', join(folder.path, 'out.json')])
    runs = new Map(runsIn(folder).map((run) => [run.variant, run]))
  }, 240_000)
  afterAll(() => folder[Symbol.dispose]())
  const run = (variant: string) => {
    const found = runs.get(variant)
    if (found === undefined) throw new Error(`${variant} did not run`)
    return found
  }

  test('succeeds with what it keeps, whoever was told', () => {
    expect(run('kept').items).toMatchObject({ offered: 80, succeeded: 80 })
  })

  test('loses what is removed again', () => {
    expect(run('emptied').items).toMatchObject({ offered: 80, succeeded: 72, discarded: 8 })
    expect(run('emptied').failures).toMatchObject([
      { fate: 'discarded', stage: 'keep', class: 'emptied', count: 8 },
    ])
  })

  test('is called in turn where there are two of it', () => {
    // Of the forty calls of these two seconds, half were for the copy that was unwell.
    const { items, failures, faults } = run('copies')
    expect(failures).toMatchObject([{ stage: 'picture', class: 'http-503', count: items.failed }])
    expect(faults[0]?.touched).toBe(items.failed)
    expect(items.failed).toBeGreaterThanOrEqual(17)
    expect(items.failed).toBeLessThanOrEqual(23)
    expect(items.succeeded).toBe(80 - items.failed)
  })

  test('stays down once it has ended', () => {
    const { items, metrics } = run('broken')
    expect(metrics.process_exits?.count).toBe(1)
    expect(items.failed).toBeGreaterThanOrEqual(58)
  })

  test('comes again by its restart policy', () => {
    const { items, metrics } = run('restarted')
    expect(metrics.process_exits?.count).toBe(1)
    expect(items.failed).toBeGreaterThanOrEqual(1)
    expect(items.succeeded).toBeGreaterThan(run('broken').items.succeeded + 20)
  })

  test('is answered 429 beyond the quota of what it calls', () => {
    const { items, failures } = run('quota')
    // 5/s for 4 s, and no more than a second's worth saved up before.
    expect(items.succeeded).toBeGreaterThanOrEqual(15)
    expect(items.succeeded).toBeLessThanOrEqual(32)
    expect(failures.map(({ stage, class: klass }) => `${stage} ${klass}`)).toEqual([
      'look http-429',
    ])
  })
})

const attached = (url: string, rest = '') => `
name: attached
pipeline:
  kind: process
  processes: {theirs: {attach: "${url}", ready: {path: /health}, readyWithin: 1s}}
  routes: {take: {path: '/take/:id', key: params.id}}
  offer: {kind: http, to: theirs, route: take, params: {id: '{item}'}}
  outcomes:
    - {on: reply, route: take, result: ok, fate: succeeded}
    - {on: reply, route: take, result: failed, fate: failed}
load: {kind: arrivals, rate: 20/s, for: 2s}
settle: 2s
thresholds: {item_lost: [rate<0.01]}
${rest}`

describe('a process that runs already', () => {
  const asked: string[] = []
  const server = http.createServer(({ url = '' }, response) => {
    asked.push(url)
    response.end('{}')
  })
  let url = ''
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => server.close())

  const attempt = async (text: string) => {
    const folder = new Folder({ 'x.yaml': text })
    const out = ['--summary-export', 'out.json']
    const ended = await aftershock(['run', 'x.yaml', ...FLAGS, ...out], { cwd: folder.path })
    return { ...ended, folder }
  }

  test('is called through the interposers, where faults reach it', async () => {
    const fault = 'faults: [{kind: status, to: theirs, status: 503, at: 1s, for: 500ms}]'
    const { folder } = await attempt(attached(url, fault))
    const [run] = runsIn(folder)
    folder[Symbol.dispose]()
    expect(run?.items).toMatchObject({ offered: 40, pending: 0 })
    expect(run?.failures).toMatchObject([{ stage: 'take', class: 'http-503' }])
    expect(asked.filter((path) => path.startsWith('/take/'))).toHaveLength(
      run?.items.succeeded ?? -1,
    )
  })

  test.each<readonly [rest: string, code: number, problem: string]>([
    [
      'faults: [{kind: host.crash, host: theirs, at: 1s, for: 1s}]',
      104,
      "'host.crash' takes a process that the run itself started; 'theirs' is only attached to",
    ],
  ])('%s', async (rest, code, problem) => {
    const ended = await attempt(attached(url, rest))
    ended.folder[Symbol.dispose]()
    expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(problem)])
  })

  test('that is not there is told', async () => {
    const ended = await attempt(attached('http://127.0.0.1:9'))
    ended.folder[Symbol.dispose]()
    expect([ended.code, ended.stderr]).toEqual([
      110,
      expect.stringContaining('process theirs: it was not ready within 1 s: nothing answers GET /'),
    ])
  })
})
