// What gates read: JUnit against its schema, markdown, annotations; names that stay, and hostile words that stay text.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { validateXML } from 'xmllint-wasm'
import { annotations, junit, markdown } from '../../src/reporters/index.ts'
import type { RenderOptions } from '../../src/reporters/reporter.ts'
import type { RunResult, Summary, Unjudged } from '../../src/run/result.ts'
import { summaryOf } from '../../src/run/summary.ts'
import { breached, judged, result, summary } from './result.ts'

const OPTIONS: RenderOptions = {
  color: false,
  width: 0,
  command: 'aftershock',
  startedAt: '2025-11-13T11:22:17.000Z',
}
const XSD = readFileSync(new URL('junit.xsd', import.meta.url), 'utf8')

async function junitOf(of: Summary, options: Partial<RenderOptions> = {}): Promise<string> {
  const contents = await junit.render(of, { ...OPTIONS, ...options })
  const { valid, errors } = await validateXML({
    xml: [{ fileName: 'junit.xml', contents }],
    schema: [XSD],
  })
  expect({ valid, errors }).toEqual({ valid: true, errors: [] })
  return contents
}

/** `classname | name | what became of it: its message`, a line for each testcase. */
async function cases(of: Summary, options: Partial<RenderOptions> = {}): Promise<string[]> {
  const found = (await junitOf(of, options)).matchAll(
    /<testcase classname="([^"]*)" name="([^"]*)" time="[^"]*"(?:\/>|>\n?<(\w+) message="([^"]*)")/g,
  )
  return Array.from(found, ([, classname, name, kind = 'passed', message = '']) =>
    `${classname} | ${name} | ${kind}${message === '' ? '' : `: ${message}`}`.replaceAll(
      '&lt;',
      '<',
    ),
  )
}

const SLOW = judged('item_duration', 'p(95)<10s', 31_000, false)
const alert = {
  name: 'Busy',
  expr: 'queue_depth > 9',
  expect: 'never',
  firedAtMs: 61_000,
  resolvedAtMs: null,
  ok: false,
} as const

const failing = (more: Partial<RunResult> = {}) =>
  result({
    variant: 'fix',
    verdict: 'fail',
    outcome: 'breached',
    thresholds: [judged('item_lost', 'rate<0.01', 0, true), SLOW],
    alerts: [alert],
    reasons: [
      '3 items were still pending when the run had settled',
      'item_duration p(95)<10s: breached, observed 31000',
      'alert Busy: expected never, it fired at 61 s',
    ],
    ...more,
  })

describe('JUnit', () => {
  test('has a testcase for each assertion, and one for a baseline', async () => {
    expect(await cases(summary(breached({ variant: 'baseline' }), failing()))).toEqual([
      'outage.baseline.virtual | reproduces: item_lost | passed',
      'outage.fix.virtual | item_lost rate<0.01 | passed',
      'outage.fix.virtual | item_duration p(95)<10s | failure: observed 31s, limit p(95)<10s',
      'outage.fix.virtual | alert Busy never | failure: it fired at 61 s',
      'outage.fix.virtual | the run is sound | failure: 3 items were still pending when the run had settled',
    ])
  })

  test('says what was observed, the limit, the window and the command in the text', async () => {
    expect(
      /<failure message="observed 31s[^>]*>([^<]*)/.exec(await junitOf(summary(failing())))?.[1],
    ).toBe(
      [
        'seed 1: observed 31s, limit p(95)&lt;10s',
        'limit: p(95)&lt;10s',
        'window: the whole run, the warm-up left out',
        'again: aftershock run outage.ts --variant fix --seed 1',
      ]
        .join('&#10;')
        .replaceAll('&#10;', '\n'),
    )
  })

  test('a baseline that does not reproduce fails as that', async () => {
    const held = breached({
      variant: 'baseline',
      verdict: 'fail',
      thresholds: [judged('item_lost', 'rate<0.01', 0, true)],
      reasons: ['incident did not reproduce: item_lost held'],
    })
    expect(await cases(summary(held))).toEqual([
      'outage.baseline.virtual | reproduces: item_lost | failure: incident did not reproduce',
    ])
  })

  test('a baseline that reproduces and is not sound fails by what it is not', async () => {
    const late = breached({
      variant: 'baseline',
      verdict: 'fail',
      alerts: [alert],
      reasons: ['alert Busy: expected never, it fired at 61 s'],
    })
    const unclear = {
      ...late,
      verdict: 'inconclusive',
      reasons: ['fault x touched nothing'],
    } as const
    const name = 'outage.baseline.virtual | reproduces: item_lost'
    expect(await cases(summary(late))).toEqual([
      `${name} | failure: alert Busy: expected never, it fired at 61 s`,
    ])
    expect(await cases(summary(unclear))).toEqual([`${name} | error: fault x touched nothing`])
  })

  const nothing = result({
    verdict: 'inconclusive',
    thresholds: [judged('item_lost', 'rate<0.01', null, null)],
    reasons: ['no item was offered', 'item_lost rate<0.01: nothing was measured'],
  })

  test('what tells nothing is an error, or skipped where it is only to warn', async () => {
    expect(await cases(summary(nothing))).toEqual([
      'outage.default.virtual | item_lost rate<0.01 | error: observed nothing, limit rate<0.01',
      'outage.default.virtual | the run is sound | error: no item was offered',
    ])
    expect(await cases(summary(nothing), { inconclusive: 'warn' })).toEqual([
      'outage.default.virtual | item_lost rate<0.01 | skipped: observed nothing, limit rate<0.01',
      'outage.default.virtual | the run is sound | skipped: no item was offered',
    ])
  })

  test('what was interrupted, or never ran, is skipped under the names it would have had', async () => {
    const cut = failing({ verdict: 'inconclusive', reasons: ['interrupted'] })
    const unran: Unjudged = {
      scenario: 'outage',
      file: 'outage.ts',
      variant: 'later',
      brief: false,
      world: 'virtual',
      asserted: {
        thresholds: [{ metric: 'item_lost', expr: 'rate<0.01' }],
        alerts: [{ name: 'Busy', expect: 'never' }],
        breach: ['item_lost'],
      },
      why: 'interrupted',
      isError: false,
    }
    const broken = { ...unran, variant: 'broken', why: 'it threw', isError: true }
    expect(await cases(summaryOf([cut], { unjudged: [unran, broken] }))).toEqual([
      'outage.fix.virtual | item_lost rate<0.01 | skipped: interrupted: not judged',
      'outage.fix.virtual | item_duration p(95)<10s | skipped: interrupted: not judged',
      'outage.fix.virtual | alert Busy never | skipped: interrupted: not judged',
      'outage.fix.virtual | the run is sound | skipped: interrupted: not judged',
      'outage.later.virtual | reproduces: item_lost | skipped: interrupted: not judged',
      'outage.broken.virtual | reproduces: item_lost | error: it threw',
    ])
  })

  test('that the two worlds agree is a check of its own', async () => {
    const lost = { offered: 100, succeeded: 0, failed: 100 }
    const real = (more: Partial<RunResult>) =>
      result({ world: 'real', thresholds: [judged('item_lost', 'rate<0.9', 0, true)], ...more })
    const both = async (more: Partial<RunResult>) =>
      (await cases(summary(real({ world: 'virtual' }), real(more)))).filter((line) =>
        line.includes('the two worlds'),
      )
    const name = 'outage.default.real | the two worlds agree'
    expect(await both({})).toEqual([`${name} | passed`])
    expect(await both({ items: { ...result().items, ...lost } })).toEqual([
      `${name} | failure: succeeded: 100.00 % of the items in the virtual world, 0.00 % in the real one`,
    ])
  })

  test('names have neither seeds nor figures: other ones give the same', async () => {
    const names = async (...runs: RunResult[]) =>
      (await cases(summary(...runs))).map((line) => line.split(' | ').slice(0, 2).join())
    const other = failing({
      seed: 9,
      thresholds: [judged('item_lost', 'rate<0.01', 0.3, false), SLOW],
    })
    expect(await names(other)).toEqual(await names(failing()))
  })

  test('one bad seed of several fails, and is named', async () => {
    const good = failing({
      seed: 2,
      verdict: 'pass',
      thresholds: [judged('item_lost', 'rate<0.01', 0, true), { ...SLOW, ok: true }],
      alerts: [{ ...alert, ok: true }],
      reasons: [],
    })
    const text = await junitOf(summary(good, failing({ seed: 3 })))
    expect(text).toContain('again: aftershock run outage.ts --variant fix --seed 3')
    expect(text).toContain('failures="3"')
  })

  test('is valid whatever it quotes', async () => {
    const text = `]]> <a b="c" d='e'>&amp; \u0000\u001B[31m\uD800 \uFFFF`
    await junitOf(
      summary(
        failing({
          scenario: text,
          variant: text,
          file: text,
          thresholds: [judged(text, text, 1, false)],
          reasons: [text],
        }),
      ),
    )
  })
})

test('markdown: verdict, variants, what failed, and the command', async () => {
  expect(
    await markdown.render(summary(breached({ variant: 'baseline' }), failing()), OPTIONS),
  ).toBe(
    `## ❌ Aftershock: fail

### outage

<code>outage.ts</code> · virtual world · seed 1

|  | variant | verdict | offered | succeeded | lost | simulated |
| --- | --- | --- | --- | --- | --- | --- |
| ✅ | baseline | reproduced: breaches item_lost | 100 | 4.00 % | 96.00 % | 1m |
| ❌ | fix | FAIL: 3 items were still pending when the run had settled | 100 | 100 % | 0 % | 1m |

baseline: 96.00 % of all items discarded at dispatch, no-service

<details><summary>Thresholds</summary>

| variant | seed | threshold | observed | margin |
| --- | --- | --- | --- | --- |
| baseline | 1 | <code>item_lost rate&lt;0.01</code> | 🔁 96.00 % | breach expected |
| fix | 1 | <code>item_lost rate&lt;0.01</code> | ✅ 0 % | +1.00 pt |
| fix | 1 | <code>item_duration p(95)&lt;10s</code> | ❌ 31s | -21s |

</details>

|  | variant | check | why |
| --- | --- | --- | --- |
| ❌ | outage · fix | <code>item_duration p(95)&lt;10s</code> | observed 31s, limit p(95)&lt;10s |
| ❌ | outage · fix | <code>alert Busy never</code> | it fired at 61 s |
| ❌ | outage · fix | <code>the run is sound</code> | 3 items were still pending when the run had settled |

Reproduce:

\`\`\`sh
aftershock run outage.ts --seed 1
\`\`\`
`,
  )
})

test('markdown: what it quotes stays text, in its cell and in its line', async () => {
  const text = 'a|b\n<img src=x> [c](d) `e` *f* @g #1 _h_'
  const page = await markdown.render(summary(failing({ variant: text, reasons: [text] })), OPTIONS)
  expect(page).toContain(
    '| ❌ | a&#124;b &lt;img src=x> &#91;c&#93;(d) &#96;e&#96; &#42;f&#42; &#64;g &#35;1 &#95;h&#95; |',
  )
  expect(page.split('\n').filter((line) => line.startsWith('<img'))).toEqual([])
})

test('annotations: an error beside the file for each check that failed, on a line of its own', async () => {
  const run = failing({
    alerts: [],
    file: 'a,b:c.yaml',
    reasons: ['item_duration p(95)<10s: 100%\nbad'],
  })
  expect(await annotations.render(summary(run), OPTIONS)).toBe(
    '::error file=a%2Cb%3Ac.yaml,title=outage · fix%3A item_duration p(95)<10s::observed 31s, limit p(95)<10s%0Aseed 1: observed 31s, limit p(95)<10s%0Alimit: p(95)<10s%0Awindow: the whole run, the warm-up left out%0Aagain: aftershock run a,b:c.yaml --variant fix --seed 1\n',
  )
})
