// The object table against a plain model: any sequence of puts, removals, listings and looks at them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ObjectTable } from '../../../src/worlds/store/objects.ts'
import * as on from './object-commands.ts'

// Few keys, so that commands meet; prefixes that end inside a name, at a folder, and above it.
const key = fc.constantFrom(
  'a',
  'ab',
  'ab/1',
  'ab/2',
  'ab/10',
  'abc/1',
  'ab/c/1',
  'ab/c/d/1',
  '人数统计/cam1/1',
  '人数统计/cam2/1',
)
const prefix = fc.constantFrom(
  '',
  'a',
  'ab',
  'ab/',
  'ab/1',
  'ab/c',
  'ab/c/',
  'x',
  '人数',
  '人数统计/',
  '人数统计/cam1/',
)

test('behaves as the model does', () => {
  const commands = fc.commands(
    [
      fc.tuple(key, fc.nat(9)).map(([k, size]) => on.put(k, size)),
      fc.tuple(key, fc.nat(9)).map(([k, size]) => on.put(k, size)),
      key.map(on.remove),
      key.map(on.look),
      prefix.map(on.list),
      fc.nat(20).map(on.entries),
      fc
        .tuple(fc.nat(20), fc.option(fc.nat(20), { nil: undefined }))
        .map(([pick, earlier]) => on.since(pick, earlier)),
      fc.nat(20).map(on.freeze),
    ],
    { maxCommands: 60, size: 'max' },
  )
  fc.assert(
    fc.property(commands, (sequence) => {
      const model: on.Model = { objects: [], seq: 0, listings: [] }
      fc.modelRun(() => ({ model, real: { table: new ObjectTable(), listings: [] } }), sequence)
    }),
    { numRuns: 1_000 },
  )
})

test('since() takes only a listing of its own kind', () => {
  const listing = new ObjectTable().list('')
  const foreign = { count: 0, oldest: () => [], entries: () => [], since: () => [] }
  expect(() => listing.since(foreign)).toThrow('internal error: a listing of this store')
})
