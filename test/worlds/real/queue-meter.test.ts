// A queue's books on real answers, which need not come in the order in which Redis did things.
import { expect, test } from 'vitest'
import type { Fact } from '../../../src/worlds/real/fact.ts'
import { QueueMeter } from '../../../src/worlds/real/redis/meter.ts'
import { RealTime } from '../../../src/worlds/real/time.ts'

function metered() {
  const facts: Fact[] = []
  const calling = { time: new RealTime(1, 0), tell: (fact: Fact) => facts.push(fact) }
  const meter = new QueueMeter(calling as never, 'tasks', Number)
  const sum = (what: string) =>
    facts.reduce((n, fact) => n + (fact.fact === 'part' && fact.what === what ? fact.by : 0), 0)
  return { meter, waiting: () => sum('waiting'), busy: () => sum('busy') }
}

test('a job waits from the answer to whoever added it until it is taken', () => {
  const { meter, waiting, busy } = metered()
  meter.adding('1')
  meter.added('1', 0)
  expect([waiting(), meter.waiting.map(({ key }) => key)]).toEqual([1, ['1']])
  meter.taken('1')
  expect([waiting(), busy(), meter.waiting]).toEqual([0, 1, []])
})

test('a worker that is quicker than that answer leaves nothing waiting, and nothing to be lost', () => {
  const { meter, waiting, busy } = metered()
  meter.adding('1')
  meter.taken('1')
  meter.added('1', 0)
  expect([waiting(), busy(), meter.lose(meter.waiting)]).toEqual([0, 1, 0])
  // The next of the same key is another.
  meter.adding('1')
  meter.added('1', 0)
  expect([waiting(), meter.lose(meter.waiting)]).toEqual([1, 1])
})

test('two of one key: as many wait as were not taken', () => {
  const { meter, waiting } = metered()
  meter.adding('1')
  meter.adding('1')
  meter.taken('1')
  meter.added('1', 0)
  meter.added('1', 0)
  expect(waiting()).toBe(1)
})

test('what was not added is forgotten', () => {
  const { meter, waiting } = metered()
  meter.adding('1')
  meter.notAdded('1')
  meter.taken('1')
  meter.adding('1')
  meter.added('1', 0)
  expect(waiting()).toBe(1)
})
