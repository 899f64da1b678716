// A thousand drawn scenarios, sound and spoilt: each is refused in sentences, or runs to its end with its books in order.
import { afterAll, describe, expect, test } from 'vitest'
import { resolvedSchema } from '../../src/scenario/schema.ts'
import { optionsOf } from './coverage.ts'
import { complete, hunt, told } from './hunt.ts'
import { Oracle } from './oracle.ts'

const CASES = 1_000
const SEED = 1
/** The schema has more than a thousand draws say for sure. */
const MORE = { seed: SEED, cases: 10_000 }

/** Said by no scenario that could run. */
const NEVER_RUN: readonly string[] = []

const oracle = new Oracle()
afterAll(() => oracle[Symbol.dispose]())

describe(`${CASES} scenarios`, async () => {
  const options = optionsOf(resolvedSchema)
  const bag = await complete(
    oracle,
    await hunt(oracle, { cases: CASES, seed: SEED }),
    options,
    MORE,
  )

  test('none of them hangs, crashes or breaks the books', () => {
    const found = bag.found && told(bag.found, `npm run fuzz -- ${CASES} ${SEED}`)
    expect(found).toBeUndefined()
  })

  test('every kind and every option of the schema is in one that ran', () => {
    const missing = options.filter((option) => !bag.said.has(option))
    expect(missing).toEqual(NEVER_RUN)
  })
})
