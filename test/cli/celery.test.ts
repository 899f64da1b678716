// Seed 002 in a Celery worker that is somebody else's: immediate retries keep a slow upstream slow, and waiting saves it.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { CELERY, describeWith } from '../worlds/real/needs.ts'
import { aftershock } from './aftershock.ts'

const SCENARIO = 'test/fixtures/celery-worker/storm.yaml'
const FLAGS = ['--world', 'real', '--objects', 'embedded', '--redis', 'binary', '--quiet']

describeWith('celery', 'a Celery worker under an upstream that is slow for a while', () => {
  let runs: readonly RunResult[] = []
  const folder = new Folder()
  beforeAll(async () => {
    const out = join(folder.path, 'out.json')
    const env = {
      PATH: [dirname(CELERY ?? ''), process.env.PATH].join(':'),
      PYTHONDONTWRITEBYTECODE: '1',
    }
    await aftershock(['run', SCENARIO, ...FLAGS, '--summary-export', out], { env })
    runs = (JSON.parse(readFileSync(out, 'utf8')) as Summary).runs
  }, 300_000)
  afterAll(() => folder[Symbol.dispose]())

  test('that tries again at once never lets it recover', () => {
    const [run] = runs
    expect(run?.variant).toBe('baseline')
    expect(run?.items).toMatchObject({ offered: 120, pending: 0 })
    // The upstream is slow for 7 s of 24, in which 35 come: the others are lost to what is tried again.
    expect(run?.items.failed).toBeGreaterThan(60)
    expect(run?.upstreams?.amplification).toBeGreaterThan(2)
  })

  test('tells of each that failed by the trace that reached the upstream', () => {
    const [failure] = runs[0]?.failures ?? []
    expect(failure).toMatchObject({ fate: 'failed', stage: 'generate' })
    expect(failure?.example?.traceparent).toContain(`00-${failure?.example?.item}`)
    const calls = runs[0]?.attempts.filter(({ route }) => route === 'generate') ?? []
    expect(calls.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(300)
  })

  test('loses none when it waits longer each time, by its environment alone', () => {
    expect(runs[1]?.variant).toBe('backoff')
    expect(runs[1]?.items).toMatchObject({ offered: 120, succeeded: 120 })
    expect(runs[1]?.faults[0]?.touched).toBeGreaterThan(0)
  })
})
