// The two ways of draining: in place where the runtime allows it, by immediates elsewhere. Runs must not differ.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runOnce } from '../../../src/run/run.ts'
import { readScenario } from '../../../src/scenario/read.ts'
import { VirtualClock } from '../../../src/worlds/virtual/clock.ts'
import { probeDrain } from '../../../src/worlds/virtual/drain.ts'

afterEach(() => vi.restoreAllMocks())

const inMacrotask = <T>(what: () => T) =>
  new Promise<T>((resolve) => setImmediate(() => resolve(what())))

test('is found on this runtime, and is no use inside a microtask', async () => {
  expect(await inMacrotask(probeDrain)).toBeTypeOf('function')
  expect(await inMacrotask(() => Promise.resolve().then(probeDrain))).toBeUndefined()
})

describe.each(['heartbeat-loss', 'deleted-while-queued'])('%s, brief', (name) => {
  test('gives the same trace either way', async () => {
    const file = new URL(`../../../scenarios/inference/${name}.ts`, import.meta.url).pathname
    const scenario = (await readScenario(file)).resolve('baseline', true)
    const order = { scenario, file, variant: 'baseline', brief: true, seed: 3, wallMs: () => 0 }
    const inPlace = await runOnce(order)
    const { run } = VirtualClock.prototype
    const drains = vi.spyOn(VirtualClock.prototype, 'run').mockImplementation(function (
      this: VirtualClock,
    ) {
      return run.call(this, 'by immediates')
    })
    const byImmediates = await runOnce(order)
    expect(drains).toHaveBeenCalledOnce()
    expect(byImmediates).toEqual(inPlace)
  })
})
