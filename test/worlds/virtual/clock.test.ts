// The virtual clock's heap: timers fire in order, and cancelled ones not at all.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Timer, VirtualClock } from '../../../src/worlds/virtual/clock.ts'

type Action =
  | { readonly do: 'schedule'; readonly inUs: number }
  | { readonly do: 'cancel'; readonly pick: number }

interface Program {
  /** Done before the clock starts. */
  readonly first: readonly Action[]
  /** What each firing does, in turn, until used up. */
  readonly firings: readonly (readonly Action[])[]
}

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('schedule' as const),
      inUs: fc.integer({ min: -3, max: 12 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat() }) },
)
const program: fc.Arbitrary<Program> = fc.record({
  first: fc.array(action, { minLength: 1, maxLength: 40, size: 'max' }),
  firings: fc.array(fc.array(action, { maxLength: 4 }), { maxLength: 80, size: 'max' }),
})

/** A line for each firing: which timer, when, and how many still wait once its actions are done. */
async function onTheClock({ first, firings }: Program): Promise<string[]> {
  const clock = new VirtualClock()
  const timers: Timer[] = []
  const log: string[] = []
  let turn = 0
  const act = (actions: readonly Action[]) => {
    for (const step of actions) {
      const picked = step.do === 'cancel' ? timers[step.pick % timers.length] : undefined
      if (step.do === 'schedule')
        timers.push(clock.scheduleTimer(clock.nowUs + step.inUs, fire, timers.length))
      else if (picked !== undefined) clock.cancel(picked)
    }
  }
  const fire = (id: number) => {
    act(firings[turn++] ?? [])
    log.push(`${id} at ${clock.nowUs}, ${clock.pending} pending`)
  }
  act(first)
  await clock.run()
  return log
}

/** The same by a list that is sorted before each firing. */
function onAList({ first, firings }: Program): string[] {
  const waiting: { id: number; atUs: number }[] = []
  const log: string[] = []
  let [nowUs, scheduled] = [0, 0]
  const act = (actions: readonly Action[]) => {
    for (const step of actions)
      if (step.do === 'schedule')
        waiting.push({ id: scheduled++, atUs: nowUs + Math.max(0, step.inUs) })
      else {
        const index = waiting.findIndex((timer) => timer.id === step.pick % scheduled)
        if (index >= 0) waiting.splice(index, 1)
      }
  }
  act(first)
  for (let turn = 0; waiting.length > 0; turn++) {
    waiting.sort((a, b) => a.atUs - b.atUs || a.id - b.id)
    const timer = waiting.shift()
    if (timer === undefined) break
    nowUs = timer.atUs
    act(firings[turn] ?? [])
    log.push(`${timer.id} at ${nowUs}, ${waiting.length} pending`)
  }
  return log
}

describe('order', () => {
  test('is that of a sorted list, whatever is scheduled and cancelled on the way', async () => {
    await fc.assert(
      fc.asyncProperty(program, async (p) => {
        expect(await onTheClock(p)).toEqual(onAList(p))
      }),
      { numRuns: 1_000 },
    )
  })

  test('no timer fires early, and each at a whole microsecond less than one late', async () => {
    const times = fc.array(fc.double({ min: 0, max: 2 ** 40, noNaN: true }), {
      minLength: 1,
      maxLength: 300,
    })
    await fc.assert(
      fc.asyncProperty(times, async (wanted) => {
        const clock = new VirtualClock()
        const fired: number[] = []
        for (const atUs of wanted) clock.schedule(atUs, () => fired.push(clock.nowUs), undefined)
        await clock.run()
        expect(fired).toEqual(wanted.map(Math.ceil).sort((a, b) => a - b))
      }),
    )
  })

  test('timers of one instant fire in the order of scheduling, past ones included', async () => {
    const clock = new VirtualClock()
    const fired: number[] = []
    clock.schedule(
      50,
      () => {
        for (let i = 0; i < 1_000; i++)
          clock.schedule(i % 2 === 0 ? 50 : i % 50, (n) => fired.push(n), i)
      },
      undefined,
    )
    await clock.run()
    expect(fired).toEqual(Array.from({ length: 1_000 }, (_, i) => i))
    expect(clock.nowUs).toBe(50)
  })
})

test('cancelling twice, after the firing or from within it is harmless', async () => {
  const clock = new VirtualClock()
  const fired: string[] = []
  const self: Timer = clock.scheduleTimer(
    1,
    () => {
      fired.push('self')
      clock.cancel(self)
    },
    undefined,
  )
  const gone = clock.scheduleTimer(2, () => fired.push('gone'), undefined)
  clock.cancel(gone)
  clock.cancel(gone)
  clock.schedule(3, () => clock.cancel(self), undefined)
  clock.schedule(4, () => fired.push('last'), undefined)
  await clock.run()
  expect([fired, clock.fired, clock.pending]).toEqual([['self', 'last'], 3, 0])
})

test('thousands at once fire in order, those that were cancelled left out', async () => {
  const clock = new VirtualClock()
  const fired: number[] = []
  const due = Array.from({ length: 5_000 }, (_, n) => (n * 7_919) % 1_000)
  const timers = due.map((atUs, n) => clock.scheduleTimer(atUs, (id: number) => fired.push(id), n))
  const isCancelled = (n: number) => n % 3 === 0
  timers.forEach((timer, n) => {
    if (isCancelled(n)) clock.cancel(timer)
  })
  await clock.run()
  const expected = due
    .map((atUs, n) => ({ atUs, n }))
    .filter(({ n }) => !isCancelled(n))
    .sort((a, b) => a.atUs - b.atUs || a.n - b.n)
  expect(fired).toEqual(expected.map(({ n }) => n))
})
