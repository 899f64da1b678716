// Processes that are not ours, between interposed parts: they fail as in the incident, and what is wrong is told.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { aftershock, type Ended } from './aftershock.ts'

// They wait for the most part, each in a folder of its own: side by side.
// Vitest heeds it here, though its types do not say so.
vi.setConfig({ testTimeout: 90_000, sequence: { concurrent: true } as object, maxConcurrency: 4 })

/** An echo that does as its environment says: little enough to be read at a glance. */
const ECHO = `
import http from 'node:http'
const { PORT, EXIT, MUTE, IDS, FAIL_AT } = process.env
console.log('starting', JSON.stringify(Object.keys(process.env).sort()))
console.log('secret_key=swordfish')
if (EXIT) { console.error('no licence found'); process.exit(Number(EXIT)) }
process.on('SIGTERM', () => console.log('not now'))
http.createServer((request, response) => {
  if (FAIL_AT && request.url.endsWith(FAIL_AT)) throw new Error('no such camera')
  console.log(request.method, IDS ? request.url : '/', 'done')
  if (MUTE !== 'all') response.end('{"ok":true}')
}).listen(MUTE ? 0 : Number(PORT), '127.0.0.1')
`
/** Of its environment: what is inherited, what it is told, and where the world outside is answered. */
const GIVEN = [
  ...['HOME', 'LANG', 'PATH', 'PORT', 'NO_PROXY', 'no_proxy', 'NODE_USE_ENV_PROXY'],
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'],
  ...['CURL_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'],
]

interface Parts {
  readonly process?: string
  readonly rest?: string
  readonly outcomes?: string
  readonly load?: string
  readonly hosts?: string
}

const scenario = ({
  process = '',
  rest = '',
  outcomes,
  load = 'rate: 20/s, for: 2s',
  hosts = '[]',
}: Parts) => `
name: echo
pipeline:
  kind: process
  processes: {echo: {command: [node, echo.mjs], env: {PORT: '{port}'${process}}, ready: {path: /}, grace: 300ms}}
  routes: {take: {path: '/take/:id', key: params.id}, beat: {path: /beat}}
  upstreams: {one: {hosts: ${hosts}}}
  offer: {kind: http, to: echo, route: take, params: {id: '{item}'}}
  outcomes: ${outcomes ?? '[{on: reply, route: take, result: ok, fate: succeeded}, {on: reply, route: take, result: failed, fate: failed}]'}
load: {kind: arrivals, ${load}}
settle: 2s
thresholds: {item_lost: [rate<0.01]}
${rest}`

const FLAGS = ['--world', 'real', '--objects', 'embedded']

async function attempt(
  text: string,
  flags: readonly string[] = FLAGS,
  env = {},
): Promise<Ended & { runs: readonly RunResult[] }> {
  using folder = new Folder({ 'x.yaml': text, 'echo.mjs': ECHO })
  const out = ['--quiet', '--summary-export', 'out.json']
  const ended = await aftershock(['run', 'x.yaml', ...flags, ...out], { cwd: folder.path, env })
  expect(spawnSync('pgrep', ['-f', join(folder.path, 'echo.mjs')]).status).toBe(1)
  const runs = ended.code === 104 || ended.code === 110 ? [] : runsIn(folder)
  return { ...ended, stderr: folder.plain(ended.stderr), runs }
}

function runsIn(folder: Folder): readonly RunResult[] {
  return (JSON.parse(readFileSync(join(folder.path, 'out.json'), 'utf8')) as Summary).runs
}

const text = (problem: string) => expect.stringContaining(problem)

describe('refused before anything starts', () => {
  test.each<readonly [parts: Parts, flags: readonly string[], message: string]>([
    [{}, [], "x.yaml: pipeline.kind: 'process' runs in the real world only; add --world real"],
    [{}, [...FLAGS, '--speed', '2'], '--speed 2 with processes that are not ours'],
    [
      { process: ", S3: '{objekts.endpoint}'" },
      FLAGS,
      'pipeline.processes.echo.env.S3: no {objekts.endpoint} in this scenario',
    ],
    [
      { outcomes: '[{on: reply, route: tkae, fate: succeeded}]' },
      FLAGS,
      "pipeline.outcomes[0].route: can never match: no route 'tkae'; did you mean 'take'?",
    ],
    [
      { outcomes: '[{on: reply, route: beat, fate: succeeded}]' },
      FLAGS,
      'pipeline.outcomes[0].route: can never match: no `key` in `routes.beat` says which item a call is about',
    ],
    [
      { outcomes: '[{on: log, line: done, fate: succeeded}]' },
      FLAGS,
      "pipeline.outcomes[0].line: can never match: no process has a line 'done'",
    ],
    [
      { hosts: '["https://api.example.com"]' },
      FLAGS,
      'pipeline.upstreams.one.hosts[0]: takes a host in small letters',
    ],
    [
      { hosts: '[api.example.com, api.example.com]' },
      FLAGS,
      'pipeline.upstreams.one.hosts[1]: two upstreams stand in for api.example.com',
    ],
    [
      { rest: 'faults: [{kind: host.slow, host: echo, factor: 3}]' },
      FLAGS,
      "'host.slow' cannot reach into 'echo', a process that is not ours",
    ],
    [
      { rest: 'faults: [{kind: object.delete, before: fetch, from: one}]' },
      FLAGS,
      "faults[0].from: touches nothing: a fetch by a presigned URL counts as a call of the host that signed it, not of 'one'",
    ],
  ])('%j %j', async (parts, flags, message) => {
    const { code, stderr } = await attempt(scenario(parts), flags)
    expect([code, stderr]).toEqual([104, text(message)])
  })

  test('a target outside this machine', async () => {
    const elsewhere = scenario({}).replace(
      'command: [node, echo.mjs]',
      'attach: "http://example.com"',
    )
    const { code, stderr } = await attempt(elsewhere)
    expect([code, stderr]).toEqual([104, text('attach takes a process on this machine')])
  })
})

describe('what does not start is told with the last lines of its output, and nothing is left', () => {
  test.each<
    readonly [parts: Parts, change: readonly [string, string], messages: readonly string[]]
  >([
    [
      {},
      ['[node, echo.mjs]', '[./echo.mjs]'],
      [
        "process echo: it cannot be run: './echo.mjs' is no program that this user may run: chmod +x",
      ],
    ],
    [
      {},
      ['[node, echo.mjs]', '[./echoo]'],
      ["process echo: it cannot be run: there is no file './echoo' in "],
    ],
    [
      {},
      ['[node, echo.mjs]', '[nodee, echo.mjs]'],
      ["process echo: it cannot be run: there is no program 'nodee' on PATH"],
    ],
    [
      { process: ", EXIT: '3'" },
      ['', ''],
      ['process echo: it ended with code 3 before it was ready', 'no licence found'],
    ],
    [
      { process: ", MUTE: 'port'" },
      ['ready: {path: /}', 'ready: {path: /}, readyWithin: 500ms'],
      ['process echo: it was not ready within 0.5 s: nothing answers GET /', 'starting'],
    ],
  ])('%j %j', async (parts, [from, to], messages) => {
    const { code, stderr } = await attempt(scenario(parts).replace(from, to))
    expect([code, ...messages.map((m) => stderr.includes(m))]).toEqual([
      110,
      ...messages.map(() => true),
    ])
  })
})

describe('a process', () => {
  test('has of the environment only what it is given', async () => {
    using folder = new Folder({ 'echo.mjs': ECHO, 'x.yaml': scenario({}) })
    const env = {
      PATH: process.env.PATH ?? '',
      HOME: folder.path,
      ARK_API_KEY: 'a real key',
      LANG: 'C',
    }
    const { code } = await aftershock(['run', 'x.yaml', ...FLAGS, '--quiet'], {
      cwd: folder.path,
      env,
    })
    expect([0, 111]).toContain(code)
    const said = spawnSync('grep', ['-rh', 'starting', join(folder.path, 'reports')], {
      encoding: 'utf8',
    })
    expect(said.stdout.trim()).toBe(`starting ${JSON.stringify(GIVEN.toSorted())}`)
  })

  test("has its output beside the run's reports", async () => {
    using folder = new Folder({
      'echo.mjs': ECHO,
      'x.yaml': scenario({ load: 'rate: 5/s, for: 1s' }),
    })
    await aftershock(['run', 'x.yaml', ...FLAGS], { cwd: folder.path })
    const file = join(folder.path, 'reports/echo/latest/output/default-seed1-echo.log')
    const text = readFileSync(file, 'utf8')
    expect([text.includes('POST / done'), text.includes('secret_key=[redacted]')]).toEqual([
      true,
      true,
    ])
    expect(text).not.toContain('swordfish')
  })

  test('is killed, and started again when that heals', async () => {
    const { runs } = await attempt(
      scenario({
        rest: 'faults: [{kind: host.crash, host: echo, at: 1s, for: 1s}]',
        load: 'rate: 20/s, for: 4s',
      }),
    )
    const [run] = runs
    expect(run?.items).toMatchObject({ offered: 80, pending: 0 })
    // A second of it, and what its start takes.
    expect(run?.items.failed).toBeGreaterThanOrEqual(15)
    expect(run?.items.succeeded).toBeGreaterThanOrEqual(20)
    expect(run?.failures[0]).toMatchObject({ stage: 'take', class: 'refused', fate: 'failed' })
    expect(run?.faults[0]).toMatchObject({ touched: 1 })
  })

  test('is held still, and goes on', async () => {
    const { runs } = await attempt(
      scenario({
        rest: 'faults: [{kind: host.pause, host: echo, at: 1s, for: 1s}]',
        load: 'rate: 20/s, for: 4s',
      }),
    )
    expect(runs[0]?.items).toMatchObject({ offered: 80, succeeded: 80 })
    expect(runs[0]?.metrics.item_duration?.max).toBeGreaterThan(700)
  })

  test('is quoted where an item was lost, and its output can be found', async () => {
    const { runs } = await attempt(
      scenario({
        process: ", IDS: 'yes'",
        outcomes: '[{on: reply, route: take, result: ok, fate: failed}]',
        rest: "faults: [{kind: latency, to: echo, key: '0000000*', add: 5ms}]",
      }),
    )
    const [run] = runs
    const example = run?.failures[0]?.example
    expect(run?.failures).toMatchObject([{ stage: 'take', class: 'unknown', count: 40 }])
    expect(run?.said).toEqual([
      { host: 'echo', item: example?.item, lines: [`POST /take/${example?.item} done`] },
    ])
    expect(run?.environment?.outputs).toMatchObject([{ host: 'echo', file: text('process-echo') }])
    // Keys that nothing tells of beforehand are no mistake.
    expect(run?.faults[0]?.touched).toBe(10)
  })

  test('is quoted before it ended by itself', async () => {
    const { runs } = await attempt(scenario({ process: ", FAIL_AT: '00000005'" }))
    const { said, environment, metrics } = runs[0] ?? {}
    expect(metrics?.process_exits?.count).toBe(1)
    expect(environment?.outputs).toMatchObject([{ host: 'echo', ended: 'with code 1' }])
    expect(said?.[0]).toMatchObject({
      host: 'echo',
      lines: expect.arrayContaining([text('Error: no such camera')]),
    })
  })

  test('whose items nobody can tell apart proves nothing', async () => {
    const { code, runs } = await attempt(scenario({}).replace('key: params.id', 'key: body.id'))
    expect(runs[0]?.reasons).toContain(
      "no rule about take can match: none of its 40 calls had an item's id at body.id; nothing stood there",
    )
    expect([code, runs[0]?.reasons.at(-1)]).toEqual([
      111,
      text('no rule explains any of the 40 items, such as item 00000000'),
    ])
  })

  test('with a wrong key is not said to lose what another rule makes of its items', async () => {
    const { code, runs } = await attempt(
      scenario({
        process: ", IDS: 'yes'",
        outcomes:
          '[{on: reply, route: take, result: ok, fate: succeeded}, {on: log, line: done, fate: failed}]',
      })
        .replace('key: params.id', 'key: headers.host')
        .replace('grace: 300ms', "grace: 300ms, lines: {done: 'POST /take/(?<item>[0-9]+) done'}"),
    )
    expect([code, runs[0]?.items.failed]).toEqual([111, 40])
    expect(runs[0]?.reasons[0]).toBe(
      "no rule about take can match: none of its 40 calls had an item's id at headers.host; nothing stood there",
    )
  })

  test('is judged by its lines, and what is unexplained both ways', async () => {
    const lines = "lines: {done: 'POST /take/(?<item>[0-9]*[02468]) done'}"
    const { runs } = await attempt(
      scenario({
        process: ", IDS: 'yes'",
        outcomes: '[{on: log, line: done, fate: succeeded}]',
      }).replace('grace: 300ms', `grace: 300ms, ${lines}`),
    )
    expect(runs[0]?.items).toMatchObject({ offered: 40, succeeded: 20, pending: 20 })
    // Where this machine cannot keep up, neither way says anything.
    const isLate = runs[0]?.reasons.some((why) => / ms late /.test(why)) === true
    if (!isLate)
      expect(runs[0]?.thresholds[0]).toEqual({
        metric: 'item_lost',
        expr: 'rate<0.01',
        observed: 0.5,
        ok: null,
        either: [0, 0.5],
      })
    expect(runs[0]?.reasons.at(-1)?.replace(/ \(traceparent 00-00000001\S+\)/, '')).toBe(
      `20 items are unexplained, such as item 00000001${
        isLate
          ? ': whether they succeeded or were lost, the verdict is the same'
          : '; an outcome {on: end} would say what becomes of them: if they succeeded this is pass, if they were lost fail'
      }`,
    )
  })
})

test('what failed and has no rule is told with how it failed', async () => {
  const { runs } = await attempt(
    scenario({
      outcomes: '[{on: reply, route: take, result: ok, fate: succeeded}]',
      rest: 'faults: [{kind: status, route: take, status: 503, at: 1s, for: 500ms}]',
    }),
  )
  expect(runs[0]?.reasons.at(-1)).toMatch(
    /^\d+ items are unexplained, such as item \d{8} \(traceparent \S+\), which failed at take, http-503/,
  )
})

describe('a registry of services, when heartbeats are lost', () => {
  let runs: readonly RunResult[] = []
  const folder = new Folder()
  beforeAll(async () => {
    const out = join(folder.path, 'out.json')
    const file = 'test/fixtures/registry/heartbeats.yaml'
    await aftershock(['run', file, ...FLAGS, '--quiet', '--summary-export', out])
    runs = runsIn(folder)
  }, 180_000)
  afterAll(() => folder[Symbol.dispose]())

  test('drops all of them, and every image is discarded with nobody to infer it', () => {
    const [run] = runs
    expect(run?.variant).toBe('baseline')
    expect(run?.fingerprint.map(({ ok }) => ok)).toEqual([true, true])
    expect(run?.failures).toMatchObject([
      {
        fate: 'discarded',
        stage: 'dispatch',
        class: 'no-service',
        count: run?.items.discarded,
        which: text('0'),
        example: { item: text('0') },
      },
    ])
    const { item } = run?.failures[0]?.example ?? {}
    expect(run?.said?.[0]).toMatchObject({ host: 'registry', item })
    expect(run?.said?.[0]?.lines).toContain(`no algorithm for cam/${item}.jpg: discarded`)
    expect(run?.items.succeeded).toBeGreaterThan(50)
  })

  test('because of the heartbeats that were withheld', () => {
    expect(runs[0]?.faults[0]?.evidence.withheld).toBeGreaterThanOrEqual(9)
  })

  test('loses none when it waits longer for them, by its environment alone', () => {
    expect(runs[1]?.items).toMatchObject({ offered: 160, succeeded: 160 })
    expect(runs[1]?.faults[0]?.touched).toBeGreaterThan(0)
  })
})
