// `aftershock list` and `validate` over the bundled scenarios, and how soon the program answers.
import { expect, test } from 'vitest'
import { aftershock } from './aftershock.ts'

const FILES = [
  'deleted-before-fetch',
  'deleted-while-queued',
  'heartbeat-loss',
  'presign-clock-skew',
  'steady',
]

/** The first word of each line. */
async function names(args: readonly string[]): Promise<(string | undefined)[]> {
  const { code, stdout, stderr } = await aftershock(['list', ...args])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return namesIn(stdout)
}

function namesIn(text: string): (string | undefined)[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0])
}

test('every bundled scenario is listed with its incident and its command', async () => {
  expect(await names([])).toEqual(expect.arrayContaining(FILES))
  const { stdout } = await aftershock(['list', 'heartbeat timeout'])
  expect(stdout.split('\n')[0]?.replaceAll(/ {2,}/g, '  ')).toBe(
    'heartbeat-loss  seed 003, 2025-11-12: all algorithm services removed by heartbeat timeout  aftershock run scenarios/inference/heartbeat-loss.ts',
  )
})

test('the command is one that can be typed here', async () => {
  const { stdout } = await aftershock(['list', 'heartbeat timeout'], {
    env: { npm_lifecycle_event: 'start' },
  })
  expect(stdout).toContain('npm start -- run scenarios/inference/heartbeat-loss.ts\n')
})

test.each<[what: string, args: string[], first: string]>([
  ['a symptom', ['签名过期'], 'presign-clock-skew'],
  ['a few words of Chinese', ['图片不存在'], 'deleted-before-fetch'],
  ['words without quotes', ['algorithm', 'service', 'unregistered'], 'heartbeat-loss'],
  ['a line that begins with a dash', ['- 每次都是404错误'], 'deleted-before-fetch'],
  [
    'a line of a log',
    [
      '2025/11/12 07:59:36 [ERROR] 未找到 task_type=人数统计 的算法服务, no algorithm for task type',
    ],
    'heartbeat-loss',
  ],
])('%s', async (_, args, first) => {
  expect((await names(args))[0]).toBe(first)
})

test('what no scenario shows is said so, with what there is, and is no answer', async () => {
  for (const nothing of ['nothing like it', '--- 7901']) {
    const { code, stdout, stderr } = await aftershock(['list', nothing])
    expect({ code, stdout }).toEqual({ code: 111, stdout: '' })
    expect(stderr.split('\n')[0]).toBe(`no bundled scenario shows '${nothing}'. There are:`)
    expect(namesIn(stderr)).toEqual(expect.arrayContaining(FILES))
  }
})

test('the bundled scenarios are valid', async () => {
  const files = FILES.map((name) => `scenarios/inference/${name}.ts`)
  const lines = files.map(
    (file) =>
      `${file}: ok, ${file.includes('steady') ? '1 variant' : '3 variants'}, each whole and brief\n`,
  )
  expect(await aftershock(['validate', ...files])).toEqual({
    code: 0,
    stdout: lines.join(''),
    stderr: '',
  })
})

test('a file that is not valid does not hide the others', async () => {
  const right = 'scenarios/inference/steady.ts'
  expect(await aftershock(['validate', 'gone.yaml', right])).toEqual({
    code: 104,
    stdout: `${right}: ok, 1 variant, each whole and brief\n`,
    stderr: 'gone.yaml: no such file; `aftershock list` names the bundled scenarios\n',
  })
})

test('--help and --version answer at once', { retry: 3 }, async () => {
  const startMs = performance.now()
  const help = await aftershock(['--help'])
  expect(performance.now() - startMs).toBeLessThan(500)
  expect(help).toMatchObject({ code: 0, stderr: '' })
  expect(help.stdout).toContain('Usage: aftershock [options] [command]')
  expect(await aftershock(['--version'])).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: '',
  })
})
