// Before a launch: at which rate does it break, and what breaks first?
//
// Asserted: the rate climbs in steps, from 2 tasks a second to 12. Up to 6 all is well; the SLOs break at 8, and the
// table shows why: with 130 slots that a task keeps for some 21 s the workers are the first part to be full. Twice the
// slots move the limit to what text-to-image bears: then each success is paid for more than once, which more slots
// make worse.
//
// What the report missed: it saw the upstreams fail and asked for more of them. At 4.75 tasks a second its workers had
// 95 to 190 slots busy, and nobody knew how many there were.
import { defineScenario } from 'aftershock'

const RATES = [2, 4, 6, 8, 10, 12]
const STEP_MINUTES = 6

const steps = RATES.flatMap((rate) => [
  { to: `${rate}/s`, for: '1s' },
  { to: `${rate}/s`, for: `${STEP_MINUTES * 60 - 1}s` },
])
const windows = Object.fromEntries(
  RATES.map((rate, i) => [
    `rate-${rate}`,
    { at: `${i * STEP_MINUTES + 1}m`, for: `${STEP_MINUTES - 1}m` },
  ]),
)
/** Everything in two fifths, a minute each. */
const briefly = {
  load: {
    kind: 'ramp',
    from: '0.8/s',
    stages: RATES.flatMap((rate) => [
      { to: `${0.4 * rate}/s`, for: '1s' },
      { to: `${0.4 * rate}/s`, for: '59s' },
    ]),
  },
  windows: Object.fromEntries(
    RATES.map((rate, i) => [`rate-${rate}`, { at: `${60 * i + 20}s`, for: '40s' }]),
  ),
} as const

export default defineScenario({
  name: 'launch-capacity',
  incident:
    'before a launch: the rate at which the generation pipeline breaks, and what breaks first',
  symptoms: ['高并发', '任务堆积', '前端服务器在高并发下处理能力不足', '单位时间能处理多少任务'],
  start: '2025-08-15T10:00:00+08:00',
  pipeline: {
    kind: 'generation',
    workers: 10,
    slots: 13,
    seedream: { bears: 110, concurrency: 600 },
    frontEnd: { asksAgain: { times: 0 } },
  },
  load: { kind: 'ramp', from: '2/s', stages: steps },
  windows,
  settle: '30m',
  fingerprint: { 'part_utilisation{part:tasks,window:rate-8}': ['avg>=0.95'] },
  thresholds: {
    'item_lost{window:rate-6}': ['rate<0.01'],
    'item_duration{window:rate-6}': ['p(95)<60s'],
    'item_duration{window:rate-8}': ['p(95)<60s'],
  },
  brief: {
    ...briefly,
    pipeline: { workers: 4, slots: 12, seedream: { bears: 44 } },
    thresholds: {
      'item_lost{window:rate-6}': ['rate<0.01'],
      'item_duration{window:rate-6}': ['p(95)<37s'],
      'item_duration{window:rate-8}': ['p(95)<37s'],
    },
  },
  variants: {
    baseline: {
      about: '130 slots',
      expect: { breach: ['item_duration{window:rate-8}'] },
    },
    moreSlots: {
      about:
        '260 slots: the workers keep up at 8 a second; beyond that text-to-image is what is full',
      pipeline: { slots: 26 },
      brief: { pipeline: { slots: 26 } },
    },
  },
})
