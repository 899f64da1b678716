// A scenario of which only a part is going to be run: that part is read in full, the rest in outline.
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BadInputError } from '../../src/base/errors.ts'
import { readScenario } from '../../src/scenario/read.ts'
import { inferenceOf } from './inference-of.ts'
import { Folder, RIGHT } from './reading.ts'

const FILE = 's.yaml'
const ONE_IS_WRONG = `${RIGHT}brief: {load: {for: 30s}}
variants:
  good: {pipeline: {services: 2}}
  wrong: {pipeline: {services: 0}}
`

/** What comes of reading `text` for some variants: the services of each, or why it is refused. */
async function read(text: string, variants: readonly string[], brief = false) {
  using folder = new Folder({ [FILE]: text })
  try {
    const scenario = await readScenario(join(folder.path, FILE), { variants, brief })
    return variants.map((variant) => inferenceOf(scenario.resolve(variant, brief)).services)
  } catch (error) {
    if (!(error instanceof BadInputError)) throw error
    return folder.plain(error.message)
  }
}
async function readWhole(text: string): Promise<string> {
  using folder = new Folder({ [FILE]: text })
  const refused = await readScenario(join(folder.path, FILE)).catch((error: Error) => error)
  return folder.plain((refused as Error).message)
}

test('a variant that is not wanted may be wrong', async () => {
  expect(await read(ONE_IS_WRONG, ['good'])).toEqual([2])
  expect(await read(ONE_IS_WRONG, ['good'], true)).toEqual([2])
})

test('one that is wanted is refused in the words of the whole file', async () => {
  const words = await readWhole(ONE_IS_WRONG)
  expect(words).toMatch(/^s\.yaml:7:32: variants\.wrong\.pipeline\.services: /)
  expect(await read(ONE_IS_WRONG, ['wrong'])).toBe(words)
  expect(await read(ONE_IS_WRONG, ['good', 'wrong'])).toBe(words)
})

test('the outline is checked of all', async () => {
  const text = ONE_IS_WRONG.replace('services: 0}', 'services: 1}, lode: {}')
  const words = await readWhole(text)
  expect(words).toMatch(/^s\.yaml:7:36: variants\.wrong\.lode: unknown key 'lode'/)
  expect(await read(text, ['good'])).toBe(words)
})

test('where nothing of what is wanted is there, all of it is read', async () => {
  expect(await read(ONE_IS_WRONG, ['other'])).toBe(await readWhole(ONE_IS_WRONG))
  const right = ONE_IS_WRONG.replace('services: 0', 'services: 1')
  expect(await read(right, ['good', 'wrong', 'other'])).toMatch(/s\.yaml: no variant 'other'/)
})
