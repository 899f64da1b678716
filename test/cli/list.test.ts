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
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' ')[0])
}

test('every bundled scenario is listed with its incident and its command', async () => {
  expect(await names([])).toEqual(expect.arrayContaining(FILES))
  const { stdout } = await aftershock(['list', 'algorithm service unregistered'])
  expect(stdout).toBe(
    'heartbeat-loss  seed 003, 2025-11-12: all algorithm services removed by heartbeat timeout  aftershock run scenarios/inference/heartbeat-loss.ts\n',
  )
})

test.concurrent.each<[symptom: string, ...found: string[]]>([
  ['no algorithm for task type', 'heartbeat-loss', 'heartbeat-blip', 'services-lost'],
  ['NO ALGORITHM  for task type', 'heartbeat-loss', 'heartbeat-blip', 'services-lost'],
  [
    '"msg":"no algorithm for task type, deleting image"',
    'heartbeat-blip',
    'services-lost',
    'heartbeat-loss',
  ],
  ['heartbeat', 'heartbeat-loss', 'services-lost'],
  ['心跳超时', 'heartbeat-loss', 'heartbeat-blip'],
  ['心跳', 'heartbeat-blip', 'heartbeat-loss', 'heartbeat-partial'],
  ['ERROR - 心跳失败: HTTP Error 400: Bad Request', 'heartbeat-blip', 'heartbeat-partial'],
  ['推理停止', 'services-lost'],
  ['签名过期', 'presign-clock-skew'],
  [
    '[ERROR] 2025-11-12T05:00:01 [plugin] 算法服务心跳超时，注销 id=yolo11x_head_detector_7901',
    'heartbeat-loss',
  ],
  [
    `{"time":"2025-11-12 05:00:01","level":"warn","msg":"no algorithm for task type","task_type":"人数统计"}`,
    'heartbeat-loss',
  ],
  ['HTTP Error 403: Forbidden', 'presign-clock-skew'],
  [
    'urllib.error.HTTPError: HTTP Error 404: Not Found',
    'deleted-before-fetch',
    'deleted-while-queued',
    'heartbeat-partial',
  ],
  ['zz', 'no'],
  ['nothing like it', 'no'],
])('%s', async (symptom, ...found) => {
  expect(await names([symptom])).toEqual(found)
})

test('a symptom needs no quotes', async () => {
  expect(await names(['service', 'not', 'found', 'by', 'endpoint'])).toEqual([
    'heartbeat-loss',
    'heartbeat-partial',
    'heartbeat-blip',
  ])
})

test('what no scenario shows is said so', async () => {
  expect((await aftershock(['list', 'nothing like it'])).stdout).toBe(
    "no bundled scenario shows 'nothing like it'; aftershock list shows them all\n",
  )
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
