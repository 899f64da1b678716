// `compare`: two summaries paired by seed, what differs and what does not, and files that are no summaries.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Folder } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

const scenario = (probability: number) => `
name: retries
pipeline: {kind: inference, services: 2, tasks: 1, call: {attempts: 1}}
load: {kind: arrivals, rate: 5/s, for: 60s}
faults:
  - {kind: status, route: infer, status: 500, probability: ${probability}}
thresholds: {item_lost: ['rate<0.9']}
variants: {a: {}, ${probability > 0.2 ? 'extra' : 'b'}: {}}
`

let folder: Folder
const here = (...args: string[]) => aftershock(args, { cwd: folder.path })

describe('compare', () => {
  beforeAll(async () => {
    folder = new Folder({
      'low.yaml': scenario(0.1),
      'high.yaml': scenario(0.3),
      'broken.json': '{',
      'other.json': '{"schema": "other"}',
    })
    for (const name of ['low', 'high'])
      await here('run', `${name}.yaml`, '--seeds', '5', '--summary-export', `${name}.json`)
    await here('run', 'low.yaml', '--seed', '9', '--summary-export', 'nine.json')
    await here('run', 'high.yaml', '--seed', '3', '--summary-export', 'three.json')
    writeFileSync(join(folder.path, 'empty.json'), '{"schema":"aftershock/summary/v1","runs":[]}')
  })
  afterAll(() => folder[Symbol.dispose]())

  test('shows what differs beyond chance, with its interval, and what only one of them has', async () => {
    const { code, stdout } = await here('compare', 'low.json', 'high.json')
    expect(code).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines[0]).toBe('retries · a  5 of 5 pass → 5 of 5 pass, 5 paired by seed')
    expect(lines[1]).toMatch(/^ +metric +low\.json +high\.json +difference +± 95 %$/)
    const lost = lines.find((line) => line.includes(' item_lost rate'))
    const [, a, b, mean, half] = (
      /▲ +item_lost rate +(\S+) % +(\S+) % +\+(\S+) pt +(\S+) pt$/.exec(lost ?? '') ?? []
    ).map(Number)
    expect((b ?? 0) - (a ?? 0)).toBeCloseTo(mean ?? 0, 1)
    expect(half).toBeGreaterThan(0)
    // The truth, 20 points, lies within.
    expect(Math.abs((mean ?? 0) - 20)).toBeLessThan(half ?? 0)
    expect(stdout).toMatch(/\d+ of \d+ figures show no difference beyond chance/)
    expect(lines.slice(-3)).toEqual([
      'retries · b: only in one of the two',
      '',
      'retries · extra: only in one of the two',
    ])
  })

  test('the same runs are the same', async () => {
    expect((await here('compare', 'low.json', 'low.json')).stdout).toBe(
      ['a', 'b']
        .map(
          (v) =>
            `retries · ${v}  5 of 5 pass → 5 of 5 pass, 5 paired by seed\n  the same runs, event by event\n`,
        )
        .join('\n'),
    )
  })

  test('one seed has no interval, and no common seed no pair', async () => {
    const [one, none] = [
      (await here('compare', 'low.json', 'three.json')).stdout,
      (await here('compare', 'low.json', 'nine.json')).stdout,
    ]
    expect(one).toContain('one seed has no interval: run both with --seeds 10')
    expect(one).toMatch(/item_lost rate .* one seed$/m)
    expect(none.split('\n')[1]).toBe(
      '  no seed in common: run both with the same --seed and --seeds',
    )
  })

  test.each([
    [
      'missing.json',
      'missing.json: no such file; write one with run … --summary-export missing.json',
    ],
    ['broken.json', /^broken\.json: not JSON: /],
    ['other.json', /^other\.json: not a summary \(aftershock\/summary\/v1\)/],
    ['empty.json', /^empty\.json: no scenario and variant in common with low\.json, which has /],
  ])('%s is refused in a sentence', async (file, words) => {
    const { code, stderr } = await here('compare', 'low.json', file)
    expect(code).toBe(104)
    expect(stderr.trimEnd().split('\n')).toEqual([
      typeof words === 'string' ? words : expect.stringMatching(words),
    ])
  })
})
