// The house rules of the design, as an ordinary test. Each rule is shown to be able to fail.
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { exceptionsAreUsed } from './tidy/ambient.ts'
import { AMBIENT_RULES } from './tidy/ambient-samples.ts'
import { IMPORT_RULES } from './tidy/import-samples.ts'
import { API_RULES } from './tidy/public-api.ts'
import { everySource, sourceOf } from './tidy/source.ts'
import { WORD_RULES } from './tidy/word-samples.ts'

const sources = everySource(fileURLToPath(new URL('..', import.meta.url)))

describe.each([...API_RULES, ...IMPORT_RULES, ...AMBIENT_RULES, ...WORD_RULES])(
  '%s',
  (_name, rule, samples) => {
    test('in this house', () => {
      expect(rule(sources)).toEqual([])
    })

    test.each(samples.map((sample, i) => [i + 1, ...sample] as const))(
      'as sample %i shows',
      (_i, texts, complaints) => {
        expect(rule(Object.entries(texts).map(([path, text]) => sourceOf(path, text)))).toEqual(
          complaints,
        )
      },
    )
  },
)

test('every exception is still needed', () => {
  expect(exceptionsAreUsed(sources)).toEqual([])
  expect(exceptionsAreUsed([])).not.toEqual([])
})

test('the rules see the whole house', () => {
  expect(sources.length).toBeGreaterThan(100)
  expect(sources.map(({ path }) => path)).toContain('src/worlds/virtual/clock.ts')
})
