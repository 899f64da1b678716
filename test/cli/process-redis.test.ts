// A process that shares a Redis with the load: jobs reach it in every form, faults act on both, its results are read there.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunResult, Summary } from '../../src/run/result.ts'
import { Folder } from '../scenario/reading.ts'
import { describeWith } from '../worlds/real/needs.ts'
import { aftershock } from './aftershock.ts'

const FLAGS = ['--world', 'real', '--objects', 'embedded', '--redis', 'binary', '--quiet']

describeWith('redis', 'a worker that takes its jobs from Redis', () => {
  let runs: ReadonlyMap<string, RunResult> = new Map()
  const folder = new Folder()
  beforeAll(async () => {
    const out = join(folder.path, 'out.json')
    const file = 'test/fixtures/jobs/jobs.yaml'
    await aftershock(['run', file, ...FLAGS, '--summary-export', out])
    const summary = JSON.parse(readFileSync(out, 'utf8')) as Summary
    runs = new Map(summary.runs.map((run) => [run.variant, run]))
  }, 240_000)
  afterAll(() => folder[Symbol.dispose]())
  const run = (variant: string) => {
    const found = runs.get(variant)
    if (found === undefined) throw new Error(`${variant} did not run`)
    return found
  }

  test.each(['bullmq', 'list', 'stream'])('is given all of them by %s', (variant) => {
    expect(run(variant).items).toMatchObject({ offered: 80, succeeded: 80 })
    const enqueued = run(variant).attempts.filter(({ route }) => route === 'enqueue')
    expect(enqueued).toMatchObject([{ class: 'ok', count: 80 }])
  })

  test('is judged by what it writes, the cause as its upstream was seen to give it', () => {
    const { items, failures } = run('unwell')
    expect(items).toMatchObject({ offered: 80, pending: 0 })
    expect(failures).toMatchObject([
      {
        fate: 'failed',
        stage: 'generate',
        class: 'http-503',
        count: items.failed,
        example: expect.anything(),
      },
    ])
    const { item = '', traceparent = '' } = failures[0]?.example ?? {}
    expect(traceparent).toMatch(new RegExp(`^00-${item}[\\da-f]{24}-[\\da-f]{16}-01$`))
  })

  test('waits for a Redis that is slow, and its commands are counted with those of the load', () => {
    const { items, faults } = run('slow')
    expect(items).toMatchObject({ offered: 8, succeeded: 8 })
    // The load's own commands are eight in all: what is more can only be the worker's.
    expect(faults[0]?.touched).toBeGreaterThan(8)
  })

  test('goes on when Redis is back; what was to be queued meanwhile is rejected', () => {
    const { items, failures } = run('down')
    expect(items).toMatchObject({ offered: 80, failed: 0, discarded: 0 })
    expect(items.rejected).toBeGreaterThanOrEqual(15)
    expect(failures.map(({ stage }) => stage)).toContain('enqueue')
  })

  test('never sees what was flushed before it took it', () => {
    const { items, faults } = run('flushed')
    expect(items.pending).toBeGreaterThanOrEqual(15)
    expect(faults[1]?.evidence.jobsLost).toBe(items.pending)
  })
})
