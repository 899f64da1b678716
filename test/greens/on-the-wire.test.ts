// What a rival lets pass, tried over sockets on a real store: a hung target, a stall, refusals, cut connections.
import { beforeAll, expect, test } from 'vitest'
import type { RunResult } from '../../src/run/result.ts'
import { MINIO } from '../worlds/real/needs.ts'
import { type Ended, end } from './green.ts'

/** The store inside Aftershock where there is no MinIO: what is tried here is not the store. */
const FLAGS = ['--world', 'real', '--speed', '20', '--objects', MINIO ? 'binary' : 'embedded']
const OFFERED = 80
const LOST = 'thresholds: {item_lost: [rate<0.01]}'
/**
 * What is on its way when a fault comes or heals belongs to either side of it: exact is what is asked of a window that
 * keeps away from both. All faults are healed when the load ends, at 40 s.
 */
const WINDOWS = '{under: {at: 0s, for: 30s}, clear: {at: 0s, for: 15s}, cut: {at: 11s, for: 18s}}'
const LOST_UNDER = 'thresholds: {"item_lost{window:under}": [rate<0.01]}'
const SLOW = 'thresholds: {item_duration: [p(95)<5s]}'

const VARIANTS = {
  hungStore: `faults: [{kind: hang, to: objects}], ${SLOW}`,
  hungServices: `faults: [{kind: hang, route: infer}], ${SLOW}`,
  stall: `faults: [{kind: host.pause, host: analyser, at: 10s, for: 20s}], ${SLOW}`,
  withheld: `faults: [{kind: load.stop, at: 800ms}], ${LOST}`,
  notFound: `faults: [{kind: status, status: 404, route: infer}], ${LOST_UNDER}`,
  tooMany: `faults: [{kind: status, status: 429, route: fetch}], ${LOST_UNDER}`,
  lostAlerts: `faults: [{kind: status, status: 404, route: publish}], thresholds: {"attempt_failed{route:publish,window:under}": [rate<0.01]}`,
  before: `faults: [{kind: refuse, route: infer, name: cut, at: 20s}], thresholds: {"item_lost{window:clear}": [count==0]}`,
  onePort: `faults: [{kind: refuse, to: service-7901, route: infer}], ${LOST_UNDER}`,
  everyPort: `faults: [{kind: refuse, to: service-790*, route: infer}], ${LOST_UNDER}`,
  ownControl: `faults: [{kind: reset, at: 10s, for: 20s}], thresholds: {item_lost: [rate<0.01], "item_lost{window:cut}": [rate<0.01]}`,
}

const scenario = `
pipeline: {kind: inference, services: 3, tasks: 1, call: {spacing: [500ms]}}
load: {kind: arrivals, rate: 2/s, for: 40s}
settle: 2m
windows: ${WINDOWS}
variants:
${Object.entries(VARIANTS)
  .map(([name, what]) => `  ${name}: {${what}}`)
  .join('\n')}
`

let ended: Ended
const runOf = (variant: keyof typeof VARIANTS): RunResult => {
  const run = ended.runs.find((r) => r.variant === variant)
  if (run === undefined) throw new Error(`${variant} did not run: ${ended.stderr}`)
  return run
}

/** A machine that could not keep up says so, which is not green either. */
const couldKeepUp = ({ environment }: RunResult) => environment?.unfit.length === 0

beforeAll(async () => {
  ended = await end(scenario, ...FLAGS)
}, 600_000)

test('a failed verdict is the exit code', () => {
  const unfit = ended.runs.every((run) => !couldKeepUp(run))
  expect(ended.code).toBe(unfit ? 111 : 99)
})

test.each(Object.keys(VARIANTS) as (keyof typeof VARIANTS)[])('%s is not green', (variant) => {
  const run = runOf(variant)
  const { verdict, world, items, faults } = run
  expect([world, verdict === 'pass']).toEqual(['real', false])
  const { offered, duplicates: _, ...fates } = items
  expect(Object.values(fates).reduce((sum, n) => sum + n, 0)).toBe(offered)
  if (couldKeepUp(run)) expect(faults[0]?.touched).toBeGreaterThan(0)
})

const reasons = (variant: keyof typeof VARIANTS) => {
  const run = runOf(variant)
  return couldKeepUp(run) ? [run.verdict, ...run.reasons] : undefined
}

test.each<[keyof typeof VARIANTS, verdict: string, reason: string | RegExp]>([
  ['hungStore', 'inconclusive', 'item_duration p(95)<5s: nothing was measured'],
  ['hungServices', 'fail', /^item_duration p\(95\)<5s: breached, observed [34]\d(\.\d)?s$/],
  ['stall', 'fail', /^item_duration p\(95\)<5s: breached, observed (1[5-9]|2\d)(\.\d)?s$/],
  [
    'withheld',
    'inconclusive',
    /^all but [0-2] of the items had ended before fault load\.stop, at 800ms$/,
  ],
  ['notFound', 'fail', 'item_lost{window:under} rate<0.01: breached, observed 100 %'],
  ['tooMany', 'fail', 'item_lost{window:under} rate<0.01: breached, observed 100 %'],
  [
    'lostAlerts',
    'fail',
    'attempt_failed{route:publish,window:under} rate<0.01: breached, observed 100 %',
  ],
  ['before', 'inconclusive', 'nothing that is asserted looks at what came after fault cut, at 20s'],
])('%s: %s, and why', (variant, verdict, reason) => {
  const told = reasons(variant)
  if (told === undefined) return
  expect(told).toContain(verdict)
  expect(
    told.filter((text) => (reason instanceof RegExp ? reason.test(text) : reason === text)),
  ).toHaveLength(1)
})

test('a stall holds nothing back: every item was offered, and counts from when it was due', () => {
  for (const variant of ['stall', 'hungServices', 'ownControl'] as const)
    expect([variant, runOf(variant).items.offered]).toEqual([variant, OFFERED])
})

test('two hosts that differ only in their port are two', () => {
  const [one, every] = [runOf('onePort'), runOf('everyPort')]
  const failed = ({ thresholds }: RunResult) => thresholds[0]?.observed
  if (!couldKeepUp(one) || !couldKeepUp(every)) return
  expect(failed(every)).toBe(1)
  expect(failed(one)).toBeGreaterThan(0.1)
  expect(failed(one)).toBeLessThan(0.7)
})

test('a reset of everything cuts off neither load nor evidence', () => {
  const run = runOf('ownControl')
  const { items, faults, thresholds } = run
  const [whole, cut] = thresholds
  expect(faults[0]).toMatchObject({ atMs: 10_000, forMs: 20_000 })
  if (couldKeepUp(run)) expect(cut?.observed).toBe(1)
  expect(whole?.observed).toBeCloseTo(1 - items.succeeded / items.offered, 12)
})
