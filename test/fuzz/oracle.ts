// What must become of a case: it is refused in sentences, or it runs to its end with its books in order.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parse, stringify } from 'yaml'
import { BadInputError } from '../../src/base/errors.ts'
import { main } from '../../src/cli/program.ts'
import * as reporters from '../../src/reporters/index.ts'
import { INTERRUPTED } from '../../src/run/judge.ts'
import type { RunResult, Summary, Verdict } from '../../src/run/result.ts'
import { type RunOrder, runOnce } from '../../src/run/run.ts'
import { run } from '../../src/run/scenario.ts'
import { summaryOf } from '../../src/run/summary.ts'
import { scenarioJsonSchema } from '../../src/scenario/json-schema.ts'
import { asRaw } from '../../src/scenario/merge.ts'
import { readScenario, type Scenario } from '../../src/scenario/read.ts'
import type { Case } from './cases.ts'
import { faultsOfFigures } from './figures.ts'
import { faultsOfOffers } from './offers.ts'
import { unexplained } from './pending.ts'
import { faultsOfRefusal } from './refused.ts'
import { faultsOfVariations } from './variations.ts'
import { verdictOf } from './verdict.ts'
import { TooManyEvents, Watch } from './watch.ts'
import { itemsOf, mostEvents } from './work.ts'

/** `too large`: it says itself that it needs more events than are worth their time here. */
export type Outcome = 'ran' | 'refused' | 'too large'

export interface Judged {
  readonly outcome: Outcome
  /** What should not be; empty where all is well. */
  readonly faults: readonly string[]
  /** As accepted. */
  readonly scenario?: Scenario
  readonly runs: readonly RunResult[]
  readonly events: number
}

/** Where a scenario says itself that it needs more than this, its run is cut off: that is the incidents' business. */
const WORTH_RUNNING = 1_000_000
/** With other faults, other thresholds, or an observer. */
const MOST_RERUNS = 5
const MOST_ITEMS = 100_000
const EXIT_CODES: Readonly<Record<Verdict, number>> = { pass: 0, fail: 99, inconclusive: 111 }
/** Options of a report, in turn. */
const LOOKS = [
  { color: false, width: 140, command: 'aftershock' },
  { color: true, width: 40, command: 'npm start --' },
]

export class Oracle implements Disposable {
  readonly #folder = mkdtempSync(join(tmpdir(), 'aftershock-fuzz-'))
  readonly #watch = new Watch()
  #isTurn: (number: number, of: number) => boolean = () => false
  readonly #isValid = new Ajv2020({ strict: true }).compile(scenarioJsonSchema())

  /** Every check that costs little, and of those that cost a run the ones whose turn it is, or all. */
  async judge(one: Case, which: 'every check' | 'some checks' = 'some checks'): Promise<Judged> {
    this.#isTurn = (number, of) => which === 'every check' || one.seed % of === number
    for (const [name, text] of Object.entries(one.files)) {
      // Some file systems write a file that is truncated to disk at once; a new one they do not.
      rmSync(join(this.#folder, name), { force: true })
      writeFileSync(join(this.#folder, name), text)
    }
    const file = join(this.#folder, one.name)
    let scenario: Scenario
    try {
      scenario = await readScenario(file)
    } catch (error) {
      return {
        outcome: 'refused',
        faults: faultsOfRefusal(this.#plain(error)),
        runs: [],
        events: 0,
      }
    }
    try {
      return await this.#run(one, scenario)
    } catch (error) {
      const what = error instanceof Error ? error.stack : String(error)
      return { outcome: 'ran', faults: [`it throws ${what}`], scenario, runs: [], events: 0 }
    }
  }

  [Symbol.dispose](): void {
    this.#watch[Symbol.dispose]()
    rmSync(this.#folder, { recursive: true })
  }

  /** Messages name the file as it was given: here, without the folder. */
  #plain(error: unknown): unknown {
    if (!(error instanceof BadInputError)) return error
    return new BadInputError(error.message.replaceAll(`${this.#folder}/`, ''), error.hint)
  }

  async #run(one: Case, scenario: Scenario): Promise<Judged> {
    const faults = this.#againstSchema(one)
    if (this.#isTurn(2, 8)) faults.push(...(await this.#inTheOtherFormat(one, scenario)))
    const ways = (scenario.hasBrief ? [false, true] : [false]).flatMap((brief) =>
      scenario.variants.map((variant) => ({ brief, variant })),
    )
    const isLarge = ways.some(
      ({ variant, brief }) => itemsOf(scenario.resolve(variant, brief)) > MOST_ITEMS,
    )
    if (isLarge) return { outcome: 'too large', faults, scenario, runs: [], events: 0 }
    const runs: RunResult[] = []
    let [events, explained] = [0, false]
    const executor = {
      width: 1,
      execute: async (order: RunOrder) => {
        const expected = mostEvents(order.scenario)
        explained = expected > WORTH_RUNNING
        const most = Math.min(expected, WORTH_RUNNING)
        this.#watch.begin(most)
        const result = await runOnce(order)
        events = Math.max(events, this.#watch.events)
        const found = await this.#ofRun(order, result, most)
        faults.push(
          ...found.map((what) => `${order.variant}${order.brief ? ', brief' : ''}: ${what}`),
        )
        return result
      },
    }
    try {
      for (const brief of scenario.hasBrief ? [false, true] : [false])
        runs.push(
          ...(await run(scenario, {
            brief,
            seed: one.seed,
            executor,
            course: this.#isTurn(7, 10),
          })),
        )
    } catch (error) {
      if (error instanceof TooManyEvents && explained)
        return { outcome: 'too large', faults, scenario, runs, events }
      if (!(error instanceof TooManyEvents)) throw error
      faults.push(`it hangs: ${error.message}`)
      return { outcome: 'ran', faults, scenario, runs, events }
    }
    const summary = summaryOf(runs)
    faults.push(...(await reported(summary)), ...verdicts(runs, scenario))
    if (this.#isTurn(3, 10)) faults.push(...(await this.#byCommand(one, summary)))
    faults.push(...this.#watch.seen)
    this.#watch.seen.clear()
    return { outcome: 'ran', faults, scenario, runs, events }
  }

  /** What an editor's schema would underline, the reader refuses; but what all variants replace it does not read. */
  #againstSchema(one: Case): string[] {
    const { $schema: _editors, ...document } = asRaw(documentOf(one)) ?? {}
    if (document.variants !== undefined || this.#isValid(document)) return []
    const [first] = this.#isValid.errors ?? []
    return [`accepted, but not by the JSON Schema: ${first?.instancePath} ${first?.message}`]
  }

  /** YAML and JSON are read alike. */
  async #inTheOtherFormat(one: Case, scenario: Scenario): Promise<string[]> {
    const document = documentOf(one)
    const other = join(this.#folder, one.name.endsWith('.json') ? 'y.yaml' : 'y.json')
    writeFileSync(other, other.endsWith('.json') ? JSON.stringify(document) : stringify(document))
    const read = await readScenario(other)
    return scenario.variants.flatMap((variant) =>
      (scenario.hasBrief ? [false, true] : [false]).flatMap((brief) => {
        const [{ name: _, ...a }, { name: __, ...b }] = [
          scenario.resolve(variant, brief),
          read.resolve(variant, brief),
        ]
        return isDeepStrictEqual(a, b) ? [] : [`${variant} is another in the other format`]
      }),
    )
  }

  async #ofRun(order: RunOrder, result: RunResult, most: number): Promise<string[]> {
    const { events } = this.#watch
    const faults = faultsOfFigures(result, order.scenario)
    if (result.items.pending > 0) faults.push(...(await unexplained(order, result, this.#watch)))
    this.#watch.begin(MOST_RERUNS * most)
    if (this.#isTurn(0, 4)) faults.push(...(await faultsOfVariations(order, result)))
    if (this.#isTurn(1, 8)) faults.push(...(await this.#watched(order, result)))
    if (this.#isTurn(5, 8)) faults.push(...(await this.#interrupted(order, events)))
    return faults
  }

  /** Told of every event: in order, and as many as the books say. */
  async #watched(order: RunOrder, result: RunResult): Promise<string[]> {
    const faults: string[] = []
    let lastMs = 0
    const count = { offer: 0, fate: 0 }
    const lines = new Set<string>()
    const told = await runOnce({
      ...order,
      observer: (one) => {
        const { event, atMs } = one
        if (event === 'log') lines.add(`${one.item} ${atMs}`)
        // What the end decides by what was told before has the time of the telling.
        const isOfBefore = event === 'fate' && lines.has(`${one.item} ${atMs}`)
        if (!(atMs >= lastMs) && !isOfBefore)
          faults.push(`${event} at ${atMs} ms is told after ${lastMs} ms`)
        lastMs = Math.max(lastMs, atMs)
        if (event === 'offer' || event === 'fate') count[event]++
      },
    })
    if (!isDeepStrictEqual(told, result)) faults.push('another result when it is watched')
    faults.push(...faultsOfOffers(order.scenario, count.offer))
    if (order.scenario.warmup > 0) return faults
    const { offered, pending } = result.items
    if (count.offer !== offered) faults.push(`${count.offer} offers are told of ${offered}`)
    // A success after a loss is a fate of its own.
    if (count.fate < offered - pending)
      faults.push(`${count.fate} of ${offered - pending} fates are told`)
    return faults
  }

  /** Stopped anywhere, it has still something to say, and knows that it is not all. */
  async #interrupted(order: RunOrder, events: number): Promise<string[]> {
    const stop = new AbortController()
    this.#watch.begin(Number.POSITIVE_INFINITY, Math.ceil(events * (order.seed / 1_000)), () =>
      stop.abort(),
    )
    const result = await runOnce({ ...order, signal: stop.signal })
    this.#watch.begin(Number.POSITIVE_INFINITY)
    if (!stop.signal.aborted) return []
    const { offered, pending, duplicates: _, ...ended } = result.items
    const sum = Object.values(ended).reduce((a, b) => a + b, pending)
    return [
      ...(sum === offered ? [] : [`interrupted, ${offered} offered have ${sum} fates`]),
      ...(result.verdict === 'inconclusive' && result.reasons.includes(INTERRUPTED)
        ? []
        : [`interrupted, it is ${result.verdict}: ${result.reasons.join('; ')}`]),
      ...(await reported(summaryOf([result]))).map((what) => `interrupted, ${what}`),
    ]
  }

  /** By the command line: the same summary, and the exit code that its verdict means. */
  async #byCommand(one: Case, { runs, variants }: Summary): Promise<string[]> {
    const [file, out] = [join(this.#folder, one.name), join(this.#folder, 'out.json')]
    const code = await main(
      [
        'run',
        file,
        ...`--seed ${one.seed} --workers 1 --quiet`.split(' '),
        '--reporter',
        `json=${out}`,
      ],
      {},
    )
    const expected = variants.filter((v) => !v.brief).map((v) => EXIT_CODES[v.verdict])
    const worst = [99, 111, 0].find((c) => expected.includes(c))
    const written = JSON.parse(readFileSync(out, 'utf8')) as Summary
    // The course is kept for charts, which nobody asks for here.
    const plain = (all: readonly RunResult[]) =>
      all.map(({ course: _, ...r }) => ({ ...r, wallMs: 0 }))
    const same = isDeepStrictEqual(plain(written.runs), plain(runs.filter((r) => !r.brief)))
    return [
      ...(code === worst ? [] : [`the exit code is ${code}, not ${worst}`]),
      ...(same ? [] : ['the command line writes another summary']),
    ]
  }
}

function documentOf({ files, name }: Case): unknown {
  return parse(files[name] ?? '', { merge: true, logLevel: 'silent' })
}

/** The summary can be written down and read again, and every reporter has words for it. */
async function reported(summary: Summary): Promise<string[]> {
  const faults: string[] = []
  if (!isDeepStrictEqual(JSON.parse(JSON.stringify(summary)), summary))
    faults.push('the summary is another one when it comes back from JSON')
  for (const { kind, render } of Object.values(reporters))
    for (const look of LOOKS) {
      // The library that draws charts has words of its own.
      const text = (await render(summary, look)).replaceAll(/<script>.*?<\/script>/gs, '')
      const odd = text.search(/undefined|NaN|\[object|Infinity/)
      if (odd >= 0) faults.push(`the ${kind} report reads: …${text.slice(odd - 40, odd + 20)}…`)
    }
  return faults
}

function verdicts(runs: readonly RunResult[], scenario: Scenario): string[] {
  return runs.flatMap((result) => {
    const { variant, brief, verdict, reasons, outcome, thresholds } = result
    const expected = verdictOf(result, scenario.resolve(variant, brief))
    const broken = thresholds.some((t) => t.ok === false) ? 'breached' : 'held'
    return [
      ...(verdict === expected
        ? []
        : [`the verdict is ${verdict}, not ${expected}: ${reasons.join('; ')}`]),
      ...(outcome === broken ? [] : [`the outcome is ${outcome}, not ${broken}`]),
      ...((verdict === 'pass') === (reasons.length === 0) ? [] : [`${verdict}, for ${reasons}`]),
    ]
  })
}
