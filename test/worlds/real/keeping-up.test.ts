// When real calls' own time makes a run unfit: a store that is overloaded, slots that are kept too long.
import { expect, test } from 'vitest'
import { Arrears } from '../../../src/worlds/real/arrears.ts'
import { overloaded, ownLatencies } from '../../../src/worlds/real/own-latency.ts'
import { RealProcess } from '../../../src/worlds/real/process.ts'
import { ShortLimits, unkept } from '../../../src/worlds/real/short-limits.ts'
import { capacityTaken, eaten } from '../../../src/worlds/real/slot-use.ts'
import { Slots } from '../../../src/worlds/real/slots.ts'

test('of each latency, what was not asked for is real calls own, on the wall', () => {
  const answered = new Map([
    ['put', { calls: 4, totalMs: 400, ownMs: 400 }],
    ['infer', { calls: 2, totalMs: 1_000, ownMs: 100 }],
  ])
  expect(ownLatencies(answered, { put: { storeMs: 6, storeAloneMs: 3 } }, 10)).toEqual({
    put: { calls: 4, ownMs: 10, share: 1, storeMs: 6, storeAloneMs: 3 },
    infer: { calls: 2, ownMs: 5, share: 0.1 },
  })
})

test('a store that takes many times as long as alone has too much to do', () => {
  const put = { calls: 100, ownMs: 50, share: 1, storeMs: 40, storeAloneMs: 5 }
  const few = { ...put, calls: 5 }
  const slow = { ...put, storeAloneMs: 20 }
  expect(overloaded({ put }, 10)).toEqual([
    'the object store took 40 ms for a put (median), 8 times as long as alone: it cannot keep up at --speed 10',
  ])
  // Too few to tell, slow by itself, and too short to matter at that speed.
  expect(overloaded({ put: few, head: slow }, 10)).toEqual([])
  expect(overloaded({ put }, 1)).toEqual([])
})

test('slots that are kept longer than asked are less capacity than asked, where somebody waits', () => {
  const use = { lostMs: 1_200, delayMs: 300, askedMs: 10_000, served: 100, waited: 40 }
  expect(eaten({ service: use }, 10)).toEqual([
    "service kept its slots 30 % longer than its work was to take, by its calls' own time, and 40 % of its requests waited for one: it cannot keep up at --speed 10",
  ])
  expect(eaten({ service: use }, 1)).toEqual([])
  const [idle, quick, slots] = [{ waited: 5 }, { lostMs: 200 }, { delayMs: 200 }]
  for (const other of [idle, quick, slots])
    expect(eaten({ service: { ...use, ...other } }, 10)).toEqual([])
  expect(eaten({ none: { lostMs: 0, delayMs: 0, askedMs: 0, served: 0, waited: 0 } }, 10)).toEqual(
    [],
  )
})

test('the capacity that is taken is for how much longer slots were kept while others waited', () => {
  const use = { lostMs: 1_000, delayMs: 500, askedMs: 9_000, served: 100, waited: 40 }
  const others = { idle: { ...use, lostMs: 50 }, slots: { ...use, delayMs: 200 } }
  expect(capacityTaken({ service: use, ...others }, 10)).toEqual({ service: 0.1 })
  expect(
    capacityTaken({ none: { lostMs: 0, delayMs: 0, askedMs: 0, served: 0, waited: 0 } }, 10),
  ).toEqual({})
  expect(capacityTaken({ service: use }, 1)).toEqual({})
})

const ended = (klass: string, wallMs: number, route = 'detect') =>
  ({
    fact: 'call',
    from: 'api',
    to: 'vision',
    stage: 'detect',
    item: 1,
    key: '',
    route,
    class: klass,
    startUs: 0,
    atUs: wallMs * 10_000,
    ownMs: 1,
    body: null,
  }) as const

test('calls that are given up sooner than a real call may take tell nothing of a limit, at a speed', () => {
  const limits = new ShortLimits(10)
  for (const one of [ended('read-timeout', 4), ended('read-timeout', 40), ended('ok', 4)])
    limits.see(one)
  expect(limits.list()).toEqual([{ route: 'detect', calls: 1, of: 3, shortestMs: 4 }])
  expect(unkept(limits.list(), 10)).toEqual([
    '1 of 3 calls of detect were given up after 4.0 ms on the wall or little more, which a real call may take by itself: such a limit cannot be kept at --speed 10',
  ])
  expect(unkept(limits.list(), 1)).toEqual([])
  for (let i = 0; i < 100; i++) limits.see(ended('ok', 4))
  expect(limits.list()).toEqual([])
})

test('nor is a connection that was waited for no longer than opening one takes', () => {
  const limits = new ShortLimits(10)
  const pool = (what: 'waited' | 'gave up' | 'busy', wallMs: number) =>
    limits.waited({
      fact: 'part',
      name: 'database',
      concurrency: 5,
      atUs: 9_000_000,
      what,
      by: wallMs * 10,
    })
  pool('waited', 5)
  pool('busy', 1)
  expect(limits.list()).toEqual([])
  pool('gave up', 40)
  expect(limits.list()).toEqual([])
  pool('gave up', 1)
  expect(limits.list()).toEqual([{ route: 'database', calls: 1, of: 3, shortestMs: 1 }])
  // Calls by a route of that name are others.
  for (let i = 0; i < 200; i++) limits.see(ended('ok', 4, 'database'))
  expect(limits.list()).toEqual([{ route: 'database', calls: 1, of: 3, shortestMs: 1 }])
})

test('work makes up for what was lost beyond that at speed 1, once, and not more than it takes', () => {
  const arrears = new Arrears()
  arrears.lost(100, 1)
  arrears.lost(Number.NaN, 10)
  expect(arrears.madeUp(50)).toBe(0)
  // At speed 1 it would have been 10 ms: 90 are too many.
  arrears.lost(100, 10)
  expect(arrears.madeUp(50)).toBe(50)
  expect(arrears.madeUp(500)).toBe(40)
  expect(arrears.madeUp(500)).toBe(0)
})

test('slots count what was lost while others waited, whatever is lost when nobody does', () => {
  let nowMs = 0
  const meter = { waiting() {}, busy() {}, waited() {}, slots() {} }
  const slots = new Slots({ concurrency: 1, backlog: 9 }, 1, meter, () => nowMs)
  const one = { isOver: () => false, work: () => {} }
  const loseIn = (ms: number) => slots.arrears.lost(ms * 2, 2)
  slots.offer(one)
  loseIn(7)
  slots.offer(one)
  nowMs = 50
  slots.release()
  expect(slots.lostMs).toBe(7)
  // Nobody waits for this one, nor what comes after.
  loseIn(30)
  slots.release()
  slots.offer(one)
  expect([slots.lostMs, slots.arrears.ms, slots.waited]).toEqual([7, 0, 1])
})

test('what many slots lose lets nobody wait for as long as that', () => {
  const meter = { waiting() {}, busy() {}, waited() {}, slots() {} }
  const process = new RealProcess('service', () => {})
  let nowMs = 0
  const slots = new Slots({ concurrency: 4, backlog: 9 }, 1, meter, () => nowMs)
  process.slots.push(slots)
  for (let i = 0; i < 5; i++) slots.offer({ isOver: () => false, work: () => {} })
  slots.arrears.lost(2_000, 2)
  nowMs = 50
  slots.release()
  expect(process.slotUse()).toMatchObject({ lostMs: 1_000, delayMs: 250 })
})
