// A pipeline of the user's own in the real world.
import { expect, test } from 'vitest'
import { Surroundings } from '../worlds/real/surroundings.ts'
import { fixture, LOAD, run } from './thumbnails.ts'

// The fault is there all the time, so that no lag of this machine's moves an item out of it.
test('meets the same fates in the real world, on the store that is in the program', async () => {
  using folder = fixture()
  using around = new Surroundings()
  const fault = 'faults: [{kind: status, to: resizer, status: 503, probability: 0.3}]'
  folder.add({ 'x.yaml': `pipeline: {kind: ./thumbnails.ts}\n${LOAD}${fault}\n` })
  const virtual = await run(folder, ['x.yaml'])
  const real = await run(folder, ['x.yaml', '--world', 'real'], around.environment)
  expect(real.runs[0]?.environment?.parts).toEqual({
    objects: expect.stringContaining('embedded'),
  })
  expect(real.runs.map((r) => r.items)).toEqual(virtual.runs.map((r) => r.items))
  expect(real.runs[0]?.items.failed).toBeGreaterThan(10)
}, 120_000)
