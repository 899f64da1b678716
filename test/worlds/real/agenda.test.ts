// What is due together fires as it was planned, however late the wall's timers are.
import { expect, test } from 'vitest'
import { Agenda } from '../../../src/worlds/real/agenda.ts'
import { RealTime } from '../../../src/worlds/real/time.ts'

const SPEED = 100

function begun() {
  const time = new RealTime(SPEED, 0)
  return { time, agenda: new Agenda(time) }
}

/** Wall time in which nothing else runs. */
function stall(ms: number): void {
  const untilMs = performance.now() + ms
  while (performance.now() < untilMs);
}

const passed = ({ time }: { time: RealTime }, atMs: number) =>
  new Promise<void>((over) => time.schedule(atMs, over))

test('by time, then as planned, though all of it is late', async () => {
  const { time, agenda } = begun()
  const fired: string[] = []
  const follow = (n: number) => {
    fired.push(`item ${n}`)
    if (n < 3) agenda.plan((n + 1) * 1_000, () => follow(n + 1))
  }
  agenda.plan(2_000, () => fired.push('stop'))
  agenda.plan(1_000, () => follow(1))
  agenda.plan(2_000, () => fired.push('look'))
  stall(50)
  await passed({ time }, time.nowMs + 100)
  expect(fired).toEqual(['item 1', 'stop', 'look', 'item 2', 'item 3'])
})

test('never early, and never at once', async () => {
  const { time, agenda } = begun()
  const fired: number[] = []
  for (const atMs of [3_000, -1, 1_500]) agenda.plan(atMs, () => fired.push(time.nowMs - atMs))
  expect(fired).toEqual([])
  await passed({ time }, 5_000)
  expect(fired.map((lateMs) => lateMs >= 0)).toEqual([true, true, true])
})

test('what throws keeps nothing else from its turn', async () => {
  const { time, agenda } = begun()
  const fired: string[] = []
  const thrown = new Promise<unknown>((caught) => process.once('uncaughtException', caught))
  const others = process.listeners('uncaughtException').slice(0, -1)
  for (const one of others) process.off('uncaughtException', one)
  agenda.plan(100, () => {
    throw new Error('bad')
  })
  agenda.plan(100, () => fired.push('next'))
  await thrown
  for (const one of others) process.on('uncaughtException', one)
  await passed({ time }, time.nowMs + 1_000)
  expect(fired).toEqual(['next'])
})

test('after its end nothing fires', async () => {
  const { time, agenda } = begun()
  const fired: string[] = []
  agenda.plan(1_000, () => fired.push('planned'))
  agenda[Symbol.dispose]()
  agenda.plan(1_000, () => fired.push('planned late'))
  await passed({ time }, 3_000)
  expect(fired).toEqual([])
})
