// Folders by a key in them: one for each name, until it is deleted.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Folders, folderEnd } from '../../../src/worlds/store/folders.ts'

/** More names than are found without taking a key apart, short ones and ones that end alike among them. */
const name = fc.oneof(
  fc.constantFrom('', '/', 'a/', 'ab/', 'x/cam1/', 'y/cam1/', 'cam1/'),
  fc.nat(200).map((n) => `cam${n}/`),
)

test('one for each name, found by any key in it', () => {
  let made = 0
  const step = fc.record({ name, isDeleted: fc.boolean(), file: fc.constantFrom('', '1.jpg', 'é') })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
      const folders = new Folders((of) => ({ of, serial: made++ }))
      const known = new Map<string, { of: string; serial: number }>()
      for (const { name: folder, isDeleted, file } of steps) {
        const key = folder + file
        const found = folders.of(key, folderEnd(key))
        expect(found).toBe(known.get(folder) ?? folders.get(folder))
        expect(found.of).toBe(folder)
        if (isDeleted) folders.delete(folder)
        if (isDeleted) known.delete(folder)
        else known.set(folder, found)
        expect([...folders.names()].sort()).toEqual([...known.keys()].sort())
      }
    }),
    { numRuns: 500 },
  )
})
