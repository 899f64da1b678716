// A key that never shows an item's id: said of the routes that rules wait for, with what stood there.
import { expect, test } from 'vitest'
import { process } from '../../src/pipelines/process/index.ts'
import { uncorrelated } from '../../src/run/uncorrelated.ts'
import { Identified } from '../../src/worlds/real/identified.ts'

test('only routes that a rule waits for and that were never about an item', () => {
  const identified = new Identified()
  for (const [route, item, key] of [
    ['infer', -1, 'cam/a.jpg'],
    ['infer', -1, 'cam/b.jpg'],
    ['take', 7, '00000007'],
    ['take', -1, 'health'],
    ['stats', -1, ''],
    ['delete', -1, 'old.jpg'],
  ] as const)
    identified.see({ route, item, key })
  const pipeline = {
    ...process,
    routes: {
      infer: { method: 'POST', path: '/infer', key: 'body.image_path' },
      take: { method: 'POST', path: '/take/:id', key: 'params.id' },
      stats: { method: 'GET', path: '/stats' },
    } as const,
    outcomes: [
      { on: 'reply', route: 'take', result: 'ok', fate: 'succeeded' },
      { on: 'reply', route: 'delete', after: { infer: 'none' }, fate: 'discarded' },
    ] as const,
  }
  expect(uncorrelated(pipeline as never, identified.never())).toEqual([
    "no rule about infer can match: none of its 2 calls had an item's id at body.image_path; there stood 'cam/a.jpg'",
  ])
})
