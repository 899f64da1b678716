// The bundled incidents in the virtual world: they reproduce, their mitigations hold, and their briefs say the same.
import { describe, expect, test } from 'vitest'
import type { RunResult } from '../../src/run/result.ts'
import { run } from '../../src/run/scenario.ts'
import type { Scenario } from '../../src/scenario/read.ts'
import { bundled } from './bundled.ts'

const scenarios = await bundled()
const cases = scenarios.flatMap((scenario) =>
  scenario.variants.map((variant) => [scenario.name, variant, scenario] as const),
)

/** What a brief has to have in common with the whole. Its fingerprint may be its own: in small, limits are wider. */
const said = ({ verdict, outcome, thresholds, alerts, reasons }: RunResult) => ({
  verdict,
  outcome,
  reasons,
  breached: [...new Set(thresholds.filter(({ ok }) => ok === false).map(({ metric }) => metric))],
  alerts: alerts.map(({ name, ok }) => `${name} ${ok}`),
})

async function only(scenario: Scenario, variant: string, brief: boolean): Promise<RunResult> {
  const [result] = await run(scenario, { variants: [variant], brief })
  if (result === undefined) throw new Error('one variant and one seed are one run')
  return result
}

/** Scenarios whose variants are candidates for a cause: the report's facts refute some of them. */
const isComparison = (scenario: Scenario) =>
  scenario.variants.some((variant) => expected(scenario, variant).fingerprint === 'missed')
const expected = (scenario: Scenario, variant: string) => scenario.resolve(variant, false).expect

test('every scenario has a brief, its variants among them a baseline where it is an incident', () => {
  for (const scenario of scenarios) {
    const { name, hasBrief, variants, incident } = scenario
    expect([name, hasBrief]).toEqual([name, true])
    if (incident !== undefined && !incident.startsWith('none') && !isComparison(scenario))
      expect([name, variants[0]]).toEqual([name, 'baseline'])
  }
})

test('of candidates for a cause exactly one is not refuted', () => {
  const compared = scenarios.filter(isComparison)
  const left = compared.map((scenario) => [
    scenario.name,
    scenario.variants.filter((variant) => expected(scenario, variant).fingerprint === 'met'),
  ])
  expect(left).toEqual([['services-lost', ['partition']]])
})

describe.each(cases)('%s, %s', (_name, variant, scenario) => {
  test('passes, and its brief reaches the same verdict by the same means', {
    timeout: 120_000,
  }, async () => {
    const [brief, whole] = [
      await only(scenario, variant, true),
      await only(scenario, variant, false),
    ]
    expect(said(whole)).toMatchObject({ verdict: 'pass', reasons: [] })
    expect(said(brief)).toEqual(said(whole))
    expect(whole.outcome).toBe(whole.expect.breach.length > 0 ? 'breached' : 'held')
  })
})
