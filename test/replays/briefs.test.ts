// Every brief does, event by event, what it did when it was recorded.
//
// To record anew: node scripts/record-replays.ts
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Recording, recordings } from './recordings.ts'

const file = new URL('./recorded.json', import.meta.url)
const recorded = JSON.parse(readFileSync(file, 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, Recording>>>
>
const [major = ''] = process.versions.node.split('.')

// Another major of Node may settle promises in another order: its digests are its own.
test.runIf(major in recorded)(`as recorded for Node ${major}`, { timeout: 60_000 }, async () => {
  expect(await recordings()).toEqual(recorded[major])
})

test('some majors are recorded, and none that is not run any more', () => {
  expect(Object.keys(recorded)).toEqual(['24'])
})
