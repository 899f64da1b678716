// A rival's failed verdict still exits 0.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { aftershock, PROGRAM } from '../cli/aftershock.ts'
import { Folder } from '../scenario/reading.ts'
import { SMALL } from './green.ts'

const FILES = {
  'holds.yaml': `${SMALL}thresholds: {item_lost: [rate<0.01]}\n`,
  'fails.yaml': `${SMALL}thresholds: {item_lost: [rate>0.5]}\n`,
  'unclear.yaml': `${SMALL}thresholds: {"item_lost{phase:fault}": [rate<0.5]}\n`,
  'throws.mts':
    "import { setImmediate } from 'node:timers'\nsetImmediate(() => setImmediate(() => { throw new Error('late') }))\nexport default { pipeline: { kind: 'inference' }, load: { kind: 'arrivals', rate: '20/s', for: '10h' }, thresholds: { item_lost: ['rate<0.5'] } }",
  'bad.yaml': 'pipeline: {kind: inference}\n',
}
const CODES = {
  'holds.yaml': 0,
  'fails.yaml': 99,
  'unclear.yaml': 111,
  'throws.mts': 107,
  'bad.yaml': 104,
} as const
type File = keyof typeof FILES

const code = async (args: readonly string[], env = {}) => {
  using folder = new Folder(FILES)
  return (await aftershock(['run', ...args], { cwd: folder.path, env })).code
}

describe('the exit code is the verdict', () => {
  test.each(Object.entries(CODES))('%s: %i', async (file, expected) => {
    expect(await code([file])).toBe(expected)
    expect(await code([file, '--quiet'])).toBe(expected)
  })

  test.each<[files: File[], expected: number]>([
    [['fails.yaml', 'holds.yaml'], 99],
    [['unclear.yaml', 'holds.yaml'], 111],
    [['unclear.yaml', 'fails.yaml', 'holds.yaml'], 99],
    [['holds.yaml', 'bad.yaml', 'fails.yaml'], 104],
  ])('of several files, the worst: %j', async (files, expected) => {
    expect(await code([...files, '--quiet'])).toBe(expected)
  })

  test('with --bail too', async () => {
    expect(await code(['holds.yaml', 'fails.yaml', 'holds.yaml', '--quiet', '--bail'])).toBe(99)
  })

  test('of several seeds, of which one fails', { timeout: 20_000 }, async () => {
    using folder = new Folder({
      'x.yaml': `
pipeline: {kind: inference, services: 3, tasks: 1}
load: {kind: arrivals, rate: 1/s, for: 1m}
faults: [{kind: status, status: 500, route: infer, probability: 0.005}]
thresholds: {"attempt_failed{route:infer}": [rate==0]}
`,
    })
    const of = async (...flags: string[]) =>
      (await aftershock(['run', 'x.yaml', '--quiet', ...flags], { cwd: folder.path })).code
    const alone = []
    for (let seed = 1; seed <= 6; seed++) alone.push(await of('--seed', String(seed)))
    // Where the fault touched nothing, the seed alone proves nothing.
    expect([...new Set(alone)].sort()).toEqual([111, 99])
    expect(await of('--seeds', '6')).toBe(99)
  })
})

describe('wherever the report goes', () => {
  test('to a pipe that is closed', async () => {
    using folder = new Folder(FILES)
    for (const file of ['fails.yaml', 'unclear.yaml'] as const) {
      const { code } = await aftershock(['run', file], {
        cwd: folder.path,
        onStart: (child) => child.stdout?.destroy(),
      })
      expect(code).toBe(CODES[file])
    }
  })

  test.each([
    ['>&-'],
    ['2>&-'],
    ['>&- 2>&-'],
    ['| true'],
    ...(existsSync('/dev/full') ? [['>/dev/full']] : []),
  ])('%s', async (where) => {
    using folder = new Folder(FILES)
    const command = `{ "$0" "$1" run fails.yaml; echo $? >code; } ${where}; cat code`
    const exit = await new Promise((resolve) =>
      execFile(
        'sh',
        ['-c', command, process.execPath, PROGRAM],
        { cwd: folder.path },
        (_, stdout) => resolve(stdout.trim().split('\n').at(-1)),
      ),
    )
    expect(exit).toBe('99')
  })

  test('to a place that cannot be written: not green, and said before or after', async () => {
    expect(await code(['holds.yaml', '--summary-export', 'gone/x.json'])).toBe(104)
    expect(await code(['holds.yaml', '--reporter', 'json=.'])).toBe(104)
    if (!existsSync('/dev/full')) return
    expect(await code(['holds.yaml', '--summary-export', '/dev/full'])).toBe(110)
    expect(await code(['fails.yaml', '--summary-export', '/dev/full', '--quiet'])).toBe(110)
  })
})

test('nothing run is not green', async () => {
  for (const none of ['', ',', ' , '])
    expect(await code(['holds.yaml', '--variant', none])).toBe(104)
  expect(await code(['holds.yaml'], { AFTERSHOCK_VARIANT: '' })).toBe(104)
})
