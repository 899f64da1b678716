// Scenarios by symptom: the most specific first, for what people paste and for what they type.
import { describe, expect, test } from 'vitest'
import { everyScenario } from '../../src/cli/bundled.ts'
import { rankBySymptom } from '../../src/cli/symptoms.ts'
import { readScenario } from '../../src/scenario/read.ts'

const KNOWN = Object.entries({
  gone: ['HTTP Error 404: Not Found', '404', '图片可能不存在'],
  swept: ['HTTP Error 404: Not Found', 'image not found before inference, skipping'],
  expired: ['HTTP Error 403: Forbidden', 'AccessDenied', 'Request has expired', '签名过期'],
  denied: ['AccessDenied', 'Access Denied.'],
  silent: ['no algorithm for task type', '心跳超时', '服务数量为 0'],
  cut: ['connect timeout', 'BrokenPipeError: [Errno 32] Broken pipe'],
  slow: ['read timeout=30', 'context deadline exceeded'],
}).map(([name, symptoms]) => ({ name, symptoms }))

const found = (seen: string) => rankBySymptom(KNOWN, seen).map(({ name }) => name)

describe('a line', () => {
  test.each<[seen: string, ...names: string[]]>([
    // What more scenarios have tells less; between equals the number of symptoms decides.
    ['urllib.error.HTTPError: HTTP Error 404: Not Found', 'gone', 'swept'],
    [
      'HTTP Error 404: Not Found; image not found before inference, skipping id=404',
      'swept',
      'gone',
    ],
    [
      '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
      'expired',
      'denied',
    ],
    ['{"level":"warn","msg":"no algorithm for task type","task_type":"人数统计"}', 'silent'],
    ['NO ALGORITHM  for task\ttype', 'silent'],
    ['[ERROR] 2025-11-12T05:00:01 算法服务心跳超时，注销 id=yolo11x_head_detector_7901', 'silent'],
    ['返回服务数量为 0', 'silent'],
    ['返回服务数量为 01', 'silent'],
    // Written as one word, or with other signs between the words.
    ['urllib3.exceptions.ConnectTimeoutError: (host)', 'cut'],
    ['BrokenPipeError', 'cut'],
    // Most of a symptom, in pieces.
    ['context of the call: deadline was exceeded', 'slow'],
    ['图片不存在，可能被删', 'gone'],
    // A number is a status only where it stands alone.
    ['took 40404 ms at 2025-04-04 04:04:04', ''],
    ['GET /x 404 12ms', 'gone'],
    ['yolo11x_head_detector_7901', ''],
    ['everything is fine', ''],
  ])('%s', (seen, ...names) => {
    expect(found(seen)).toEqual(names.filter((name) => name !== ''))
  })
})

describe('a few words', () => {
  test.each<[seen: string, ...names: string[]]>([
    ['deadline', 'slow'],
    ['deadl', 'slow'],
    ['timeout', 'cut', 'slow'],
    ['timeout connect', 'cut'],
    ['心跳', 'silent'],
    ['签名', 'expired'],
    ['签', ''],
    ['zz', ''],
    ['for', ''],
    ['', ''],
    ['deadline zebra', ''],
  ])('%s', (seen, ...names) => {
    expect(found(seen)).toEqual(names.filter((name) => name !== ''))
  })
})

test('the same for any order of the scenarios, but between equals', () => {
  for (const seen of ['AccessDenied Request has expired', '404', 'deadline'])
    expect(rankBySymptom([...KNOWN].reverse(), seen)[0]?.name).toBe(found(seen)[0])
})

test('a scenario is found by each of its symptoms', () => {
  for (const { name, symptoms } of KNOWN)
    for (const symptom of symptoms) expect(found(symptom)).toContain(name)
})

describe('the bundled scenarios', async () => {
  const files = await everyScenario()
  const all = await Promise.all(files.map((file) => readScenario(file)))

  /** Lines of the incident reports, and of the systems behind them. */
  test.each<[first: string, seen: string]>([
    ['deleted-before-fetch', '- **HTTP Error 404: Not Found**: 100% 的失败都是此错误'],
    ['deleted-before-fetch', '- 当遇到404错误时，尝试重新获取URL'],
    ['deleted-before-fetch', '1. **图片可能不存在**：'],
    ['deleted-before-fetch', '404错误：图片不存在（算法服务无法访问图片）'],
    ['deleted-before-fetch', 'HTTP Error 404: NoSuchKey: The specified key does not exist.'],
    ['presign-clock-skew', '### 1. 根本原因：图片URL签名过期'],
    ['presign-clock-skew', '签名过期时间: 2025-11-13 04:20:50'],
    [
      'presign-clock-skew',
      '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
    ],
    ['presign-clock-skew', 'S3Error: RequestTimeTooSkewed'],
    ['deleted-while-queued', '推理失败率2.40%，需要分析失败原因并优化。'],
    ['deleted-while-queued', '1. **图片在StatObject检查时不存在** 🔴 **最可能**'],
    ['deleted-while-queued', '   - 图片在队列中等待时可能被清理'],
    [
      'deleted-while-queued',
      '图片加入队列 → 在队列中等待 → 被清理机制清理 → Worker Pop → 图片不存在 → StatObject失败 → 推理失败',
    ],
    ['deleted-while-queued', 's.log.Debug("image not found before inference, skipping", ...)'],
    [
      'deleted-while-queued',
      '**优化清理策略后，队列中等待的图片不再保护，可能在等待时被清理，导致推理失败**',
    ],
    ['heartbeat-loss', '1. **API 查询结果**：`/api/v1/ai_analysis/services` 返回服务数量为 0'],
    [
      'heartbeat-loss',
      '   - 错误信息提示：`service will be removed by heartbeat timeout if truly offline`',
    ],
    ['heartbeat-loss', '查找算法服务 → GetAlgorithmWithLoadBalance() 返回 nil'],
    ['heartbeat-loss', '- `algorithm service unregistered` - 服务注销'],
    ['heartbeat-loss', '- `heartbeat timeout` - 心跳超时'],
    [
      'heartbeat-loss',
      '2025/11/12 07:59:36 [ERROR] 未找到 task_type=人数统计 的算法服务, no algorithm for task type',
    ],
    [
      'heartbeat-loss',
      '{"time":"2025-11-12T04:08:41+08:00","level":"WARN","msg":"algorithm service unregistered: heartbeat timeout","id":"yolo11x_head_detector_7901"}',
    ],
  ])('%s: %s', (first, seen) => {
    expect(rankBySymptom(all, seen)[0]?.name).toBe(first)
  })

  test('each is found first, or beside those that share the symptom, by what it shows itself', () => {
    for (const { name, symptoms } of all)
      for (const symptom of symptoms)
        expect(rankBySymptom(all, symptom).map((one) => one.name)).toContain(name)
  })
})
