// However a real run ends, nothing that it started is left, and what it measured is written down soon.
import { existsSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { describeWith, MINIO } from '../worlds/real/needs.ts'
import { NOTHING, RealRun } from './real-run.ts'

// Processes are started here: on a busy machine that takes its time.
// Each mostly waits, and has a machine of its own: they go side by side.
// Vitest heeds it here, though its types do not say so.
vi.setConfig({ testTimeout: 90_000, sequence: { concurrent: true } as object, maxConcurrency: 4 })

/** Five seconds are promised, on a machine that has nothing else to do. */
const SOON_MS = 10_000
const SHORT = `
name: short
pipeline: {kind: inference, services: 2, service: {inference: 20ms}}
load: {kind: arrivals, rate: 2/s, for: 10s}
thresholds: {item_lost: [rate<0.5]}
variants: {a: {}, b: {}}
`
const SCRIPT = '/usr/bin/script'
const REPORTED = {
  verdict: 'inconclusive',
  runs: [{ verdict: 'inconclusive', world: 'real', reasons: ['interrupted'] }],
}

/** A MinIO whose parent goes on when it is told to end. */
const HEEDLESS = `
process.on('SIGTERM', () => {})
const server = require('node:child_process').spawn(${JSON.stringify(MINIO)}, args, { stdio: 'inherit' })
server.on('exit', (code) => args[0] === 'server' || process.exit(code))
setInterval(() => {}, 1_000)
`

/** Whether it kept up is another matter on a busy machine. */
function expectReport(run: RealRun): void {
  const { verdict, runs = [] } = run.summary ?? {}
  const told = runs.map((r) => ({ ...r, reasons: r.reasons.slice(0, 1) }))
  expect({ verdict, runs: told }).toMatchObject(REPORTED)
  expect(runs[0]?.items.offered).toBeGreaterThan(20)
}

describeWith('minio', 'a run in the real world', () => {
  test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM', 'SIGHUP'])('ended by %s', async (signal) => {
    using run = new RealRun({ 'short.yaml': SHORT })
    run.start(['--objects', 'binary'])
    await run.begun()
    expect(run.servers).toHaveLength(1)
    const { code, tookMs } = await run.signalled(signal)
    expect({ code, left: run.left }).toEqual({ code: 105, left: NOTHING })
    expect(tookMs).toBeLessThan(SOON_MS)
    expectReport(run)
  })

  test('ended by its time limit', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    run.start(['--objects', 'binary', '--timeout', '15s'])
    const { code } = await run.ended()
    expect({ code, left: run.left }).toEqual({ code: 105, left: NOTHING })
    expectReport(run)
  })

  test('ended while its store no longer answers: the report does not wait for it', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    run.start(['--objects', 'binary'])
    await run.begun()
    run.signalServer('SIGSTOP')
    const sinceMs = performance.now()
    run.child?.kill('SIGINT')
    await vi.waitUntil(() => run.summary !== undefined, { timeout: 20_000 })
    expect(performance.now() - sinceMs).toBeLessThan(SOON_MS)
    const { code } = await run.ended()
    expect({ code, left: run.left }).toEqual({ code: 105, left: NOTHING })
    expectReport(run)
  })

  test('told twice: what it started is ended at once', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    run.around.program('minio', HEEDLESS)
    run.start(['--objects', 'binary'])
    await run.begun()
    // It takes a server that heeds nothing five seconds to end.
    run.child?.kill('SIGINT')
    await new Promise((over) => setTimeout(over, 3_000))
    const { code, stderr } = await run.signalled('SIGINT')
    expect({ code, stderr, left: run.left }).toEqual({
      code: 105,
      stderr: 'aftershock: interrupted again: ended at once\n',
      left: NOTHING,
    })
  })

  test.runIf(existsSync(SCRIPT))('whose terminal is closed', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    const flags = '--world real --speed 10 --objects binary --events events.ndjson'
    const args = ['run', 'long.yaml', ...flags.split(' '), '--summary-export', 'summary.json']
    run.startWith(args, SCRIPT)
    await run.begun()
    run.child?.kill('SIGKILL')
    await vi.waitUntil(() => run.summary !== undefined, { timeout: SOON_MS })
    expectReport(run)
    await vi.waitUntil(() => run.servers.length === 0, { timeout: 20_000 })
    await vi.waitUntil(() => run.around.held.length === 0, { timeout: 20_000 })
    expect(run.left).toEqual(NOTHING)
  })

  test('whose store dies: that is the message, not the calls that failed', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    run.start(['--objects', 'binary'])
    await run.begun()
    run.signalServer('SIGKILL')
    const { code, stderr } = await run.ended()
    expect({ code, left: run.left }).toEqual({ code: 110, left: NOTHING })
    expect(stderr).toMatch(
      /^aftershock: object store from binary: it ended by SIGKILL during the run; the end of its log, /m,
    )
  })

  test('whose module throws meanwhile', async () => {
    const file = `setTimeout(() => { throw new Error('out of luck') }, 6_000)
      export default { name: 'crash', pipeline: { kind: 'inference', services: 2 },
        load: { kind: 'arrivals', rate: '5/s', for: '10h' }, thresholds: { item_lost: ['rate<0.5'] } }`
    using crashing = new RealRun({ 'crash.mts': file })
    crashing.start(['--objects', 'binary'], 'crash.mts')
    const { code, stderr } = await crashing.ended()
    expect({ code, left: crashing.left }).toEqual({ code: 107, left: NOTHING })
    expect(stderr).toContain("the scenario's module threw: out of luck")
  })

  test('that is killed leaves its server; the next start ends it, and says so', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    run.start(['--objects', 'binary'])
    await run.begun()
    const [server] = run.servers
    await run.signalled('SIGKILL')
    expect(run.servers).toEqual([server])
    run.start(['--objects', 'embedded', '--timeout', '4s'])
    const { stderr } = await run.ended()
    expect(stderr).toMatch(
      new RegExp(`^removed what an earlier run had left: process ${server?.pid} in /`, 'm'),
    )
    expect(run.left).toEqual(NOTHING)
  })
})

describeWith('minio', '--keep', () => {
  test('leaves the store up with the buckets of its runs, and tells the way to them and out', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    const flags = ['--world', 'real', '--speed', '10', '--keep', '--quiet']
    run.startWith(['run', 'short.yaml', '--objects', 'binary', ...flags])
    const { stderr } = await run.ended()
    const [server] = run.servers
    expect(run.left).toEqual({
      servers: [{ pid: expect.any(Number), args: expect.stringContaining('minio server') }],
      folders: [expect.stringMatching(/^aftershock-objects-/)],
      journals: [],
    })
    const lines = stderr
      .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT')
      .replaceAll(run.around.path, 'HERE')
      .replaceAll(/[0-9a-f]{8}-[-0-9a-f]{27}/g, 'UUID')
      .replaceAll(/\b[0-9a-f]{12,40}\b/g, 'KEY')
      .replaceAll(String(server?.pid), 'PID')
      .split('\n')
    expect(lines).toEqual([
      '',
      expect.stringMatching(/^left up: object store, binary, MinIO \S+$/),
      '  address     http://127.0.0.1:PORT',
      '  access key  aftershock-KEY',
      '  secret key  KEY',
      '  bucket  aftershock-UUID  short, a, seed 1',
      '  bucket  aftershock-UUID  short, b, seed 1',
      'to end it:',
      '  kill PID',
      '  rm -r HERE/tmp/aftershock-objects-UUID',
      '',
    ])
  })

  test('leaves it alone at the next start', async () => {
    using run = new RealRun({ 'short.yaml': SHORT })
    const flags = ['--world', 'real', '--speed', '10', '--quiet', '--variant', 'a']
    run.startWith(['run', 'short.yaml', '--objects', 'binary', '--keep', ...flags])
    await run.ended()
    const kept = run.servers
    run.startWith(['run', 'short.yaml', '--objects', 'embedded', ...flags])
    await run.ended()
    expect(run.servers).toEqual(kept)
  })
})

test.each([
  ['--keep', '--keep: the virtual world has nothing to leave up; add --world real'],
  [
    '--keep --world real --objects embedded',
    '--keep: the embedded object store ends with this process; take another --objects',
  ],
])('%s is refused', async (args, expected) => {
  using run = new RealRun({ 'short.yaml': SHORT })
  run.startWith(['run', 'short.yaml', ...args.split(' ')])
  expect(await run.ended()).toMatchObject({ code: 104, stderr: `aftershock: ${expected}\n` })
})

test('ended while its parts start', async () => {
  using run = new RealRun({ 'short.yaml': SHORT })
  run.around.program('minio', `console.log('thinking'); setInterval(() => {}, 1_000)`)
  run.start(['--objects', 'binary'])
  await vi.waitUntil(() => run.servers.length === 1, { timeout: 30_000 })
  const { code, stderr, tookMs } = await run.signalled('SIGINT')
  expect({ code, stderr, left: run.left }).toEqual({
    code: 105,
    stderr: 'aftershock: object store: interrupted while it was starting\n',
    left: NOTHING,
  })
  expect(tookMs).toBeLessThan(SOON_MS)
  expect(run.summary).toMatchObject({ verdict: 'inconclusive', runs: [] })
})
