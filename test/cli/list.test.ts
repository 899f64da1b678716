// `aftershock list` and `validate` over the bundled scenarios, and how soon the program answers.
import { expect, test } from 'vitest'
import { aftershock } from './aftershock.ts'

/** By name, with how many variants. */
const SCENARIOS = {
  'delete-race': 4,
  'deleted-before-fetch': 3,
  'deleted-while-queued': 3,
  'dispatcher-restart': 6,
  'heartbeat-loss': 3,
  'presign-clock-skew': 3,
  'put-race': 4,
  'queue-overflow': 5,
  'reply-cancelled': 3,
  'retry-collapse': 7,
  'sink-down': 4,
  'slow-algorithm': 5,
  steady: 1,
}

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
  expect(await names([])).toEqual(Object.keys(SCENARIOS))
  const { stdout } = await aftershock(['list', 'heartbeat timeout'])
  expect(stdout).toBe(
    'heartbeat-loss  seed 003, 2025-11-12: all algorithm services removed by heartbeat timeout  aftershock run scenarios/inference/heartbeat-loss.ts\n',
  )
})

test.concurrent.each<[symptom: string, ...found: string[]]>([
  ['no algorithm for task type', 'dispatcher-restart', 'heartbeat-loss'],
  ['NO ALGORITHM  for task type', 'dispatcher-restart', 'heartbeat-loss'],
  ['heartbeat', 'heartbeat-loss'],
  ['心跳超时', 'heartbeat-loss'],
  ['心跳', 'heartbeat-loss'],
  ['签名过期', 'presign-clock-skew'],
  [
    '[ERROR] 2025-11-12T05:00:01 [plugin] 算法服务心跳超时，注销 id=yolo11x_head_detector_7901',
    'heartbeat-loss',
  ],
  [
    `{"time":"2025-11-12 05:00:01","level":"warn","msg":"no algorithm for task type","task_type":"人数统计"}`,
    'dispatcher-restart',
    'heartbeat-loss',
  ],
  ['HTTP Error 403: Forbidden', 'presign-clock-skew'],
  [
    'urllib.error.HTTPError: HTTP Error 404: Not Found',
    'delete-race',
    'deleted-before-fetch',
    'deleted-while-queued',
    'retry-collapse',
  ],
  ['decode response failed: context canceled', 'reply-cancelled'],
  ['BrokenPipeError: [Errno 32] Broken pipe', 'reply-cancelled'],
  ['图片在检查后、生成URL前被删除', 'delete-race'],
  ['context deadline exceeded', 'slow-algorithm'],
  ['推理队列积压严重，建议增加并发数或降低抽帧频率', 'queue-overflow', 'slow-algorithm'],
  ['failed to publish alert to MQ', 'sink-down'],
  ['minio upload failed task=cam1 err="Access Denied."', 'put-race'],
  ['zz', 'no'],
  ['nothing like it', 'no'],
])('%s', async (symptom, ...found) => {
  expect(await names([symptom])).toEqual(found)
})

test('a symptom needs no quotes', async () => {
  expect(await names(['service', 'not', 'found', 'by', 'endpoint'])).toEqual([
    'dispatcher-restart',
    'heartbeat-loss',
  ])
})

test('what no scenario shows is said so', async () => {
  expect((await aftershock(['list', 'nothing like it'])).stdout).toBe(
    "no bundled scenario shows 'nothing like it'; aftershock list shows them all\n",
  )
})

test('the bundled scenarios are valid', async () => {
  const file = (name: string) => `scenarios/inference/${name}.ts`
  const files = Object.keys(SCENARIOS).map(file)
  const lines = Object.entries(SCENARIOS).map(
    ([name, n]) => `${file(name)}: ok, ${n} variant${n === 1 ? '' : 's'}, each whole and brief\n`,
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
