// Briefs are small: the real world and the comparison of the worlds run them.
import { afterEach, describe, expect, test, vi } from 'vitest'
import { planOf } from '../../src/run/plan.ts'
import { runOnce } from '../../src/run/run.ts'
import { ObjectTable } from '../../src/worlds/store/objects.ts'
import { bundled } from './bundled.ts'

const LONGEST_MS = 7 * 60_000
const MOST_ITEMS_PER_SECOND = 5
const MOST_KEYS = 200

const scenarios = await bundled()
const cases = scenarios.flatMap((scenario) =>
  scenario.variants.map((variant) => [scenario.name, variant, scenario] as const),
)

/** The most keys that the bucket ever held: nothing but a put can make them more. */
function watchBucket(): () => number {
  let most = 0
  const { put } = ObjectTable.prototype
  vi.spyOn(ObjectTable.prototype, 'put').mockImplementation(function (
    this: ObjectTable,
    ...object
  ) {
    put.apply(this, object)
    most = Math.max(most, this.size)
  })
  return () => most
}
afterEach(() => vi.restoreAllMocks())

describe.each(cases)('%s, %s', (_name, variant, scenario) => {
  const brief = scenario.resolve(variant, true)

  test('obeys the limits of a brief', async () => {
    const { loadEndMs } = planOf(brief)
    const mostKeys = watchBucket()
    const { items, attempts } = await runOnce({
      scenario: brief,
      file: scenario.file,
      variant,
      brief: true,
      seed: 1,
      wallMs: () => 0,
    })
    expect(loadEndMs).toBeLessThanOrEqual(LONGEST_MS)
    expect(items.offered / ((loadEndMs - brief.warmup) / 1_000)).toBeLessThanOrEqual(
      MOST_ITEMS_PER_SECOND,
    )
    expect(mostKeys()).toBeLessThanOrEqual(MOST_KEYS)
    // Else this would watch nothing.
    if (attempts.some((a) => a.route === 'put' && a.class === 'ok'))
      expect(mostKeys()).toBeGreaterThan(0)
  })

  test('has the faults of the whole, in the same order', () => {
    const whole = scenario.resolve(variant, false)
    expect(brief.faults.map(({ kind, name }) => [kind, name])).toEqual(
      whole.faults.map(({ kind, name }) => [kind, name]),
    )
    expect(Object.keys(brief.thresholds)).toEqual(Object.keys(whole.thresholds))
    expect(brief.expect).toEqual(whole.expect)
  })
})
