// Runs scenarios: every variant with every seed, as many at a time as the executor takes, in an order of its own.

import type { Scenario } from '../scenario/read.ts'
import type { Look } from './conduct.ts'
import { isOpen, withEvidence, withReplacements } from './evidence.ts'
import { type Executor, inThisThread } from './executor.ts'
import type { RunResult } from './result.ts'
import type { RunOrder } from './run.ts'
import { judgeSeeds } from './seeds.ts'

export interface RunOptions {
  /** First seed; default 1, never random. */
  readonly seed?: number
  /** How many seeds, counted up from the first. */
  readonly seeds?: number
  /** Variants to run; default all. */
  readonly variants?: readonly string[]
  readonly brief?: boolean
  /** Stop after the first variant that does not pass. */
  readonly bail?: boolean
  /** So many further seeds of a variant that is inconclusive; a breach is never run again. */
  readonly retryInconclusive?: number
  readonly signal?: AbortSignal
  /** Wall-clock milliseconds, for `wallMs` in the results; default: not measured. */
  readonly wallMs?: () => number
  /** Whether the course of each run is kept, for charts. */
  readonly course?: boolean
  /** Default: this thread. */
  readonly executor?: Executor
  readonly onProgress?: (variant: string, seed: number, share: number, look?: Look) => void
  /** Whether progress comes with what can be seen of the run. */
  readonly glimpses?: boolean
  /** Told of each run as it ends, in whatever order. */
  readonly onRun?: (result: RunResult) => void
  /** Told of a variant's runs as soon as all of them and all variants before it are done. */
  readonly onVariant?: (runs: readonly RunResult[]) => void
}

/** Runs one scenario. Results stand in the order of its variants, then of the seeds, whoever ran them. */
export async function run(scenario: Scenario, options: RunOptions = {}): Promise<RunResult[]> {
  const {
    signal,
    onVariant,
    bail = false,
    executor = inThisThread,
    retryInconclusive = 0,
  } = options
  const variants = options.variants ?? scenario.variants
  const queue = new Orders(scenario, variants, options)
  const found: RunResult[][] = variants.map(() => [])
  const errors: { readonly at: number; readonly error: unknown }[] = []
  const all: RunResult[] = []
  let told = 0
  let stopped = false
  const tell = () => {
    const runs = withReplacements(withEvidence(runsOf(told++)), queue.seeds.length)
    if (runs.length === 0) return
    onVariant?.(runs)
    all.push(...runs)
    if (bail && judgeSeeds(runs).verdict !== 'pass') stopped = true
  }
  const runsOf = (i: number) => (found[i] ?? []).filter((r) => r !== undefined)
  const isDone = (i: number) => {
    const runs = runsOf(i)
    if (runs.length < queue.asked(i)) return false
    const further = runs.length - queue.seeds.length
    if (further >= retryInconclusive || !isOpen(runs, queue.seeds.length)) return true
    queue.addSeed(i)
    return false
  }
  const work = async () => {
    for (;;) {
      if (stopped || signal?.aborted === true || errors.length > 0) return
      const next = queue.next()
      if (next === undefined) return
      const { variant, seed, at, order } = next
      try {
        const result = await executor.execute(order)
        ;(found[variant] as RunResult[])[seed] = result
        options.onRun?.(result)
      } catch (error) {
        errors.push({ at, error })
      }
      while (!stopped && told < variants.length && isDone(told)) tell()
    }
  }
  await Promise.all(Array.from({ length: executor.width }, work))
  // What an interruption or an error cut short still counts for what it has.
  while (!stopped && told < variants.length) tell()
  const [first] = errors.sort((a, b) => a.at - b.at)
  if (first !== undefined) throw first.error
  return all
}

/** The runs to be done, variant by variant; a variant is resolved when its first run is due. */
class Orders {
  readonly seeds: readonly number[]
  readonly #scenario: Scenario
  readonly #variants: readonly string[]
  readonly #options: RunOptions
  /** Variants that get a further seed, one entry each time. */
  readonly #further: number[] = []
  #at = 0
  #nextFurther = 0

  constructor(scenario: Scenario, variants: readonly string[], options: RunOptions) {
    const { seed: first = 1, seeds = 1 } = options
    this.seeds = Array.from({ length: seeds }, (_, i) => first + i)
    this.#scenario = scenario
    this.#variants = variants
    this.#options = options
  }

  next() {
    const at = this.#at++
    const [variant, seed] = [Math.floor(at / this.seeds.length), at % this.seeds.length]
    const name = this.#variants[variant]
    if (name === undefined) return this.#nextOfFurther(at)
    return { at, variant, seed, order: this.#order(name, this.#seed(seed)) }
  }

  #nextOfFurther(at: number) {
    const variant = this.#further[this.#nextFurther]
    const name = this.#variants[variant ?? -1]
    if (variant === undefined || name === undefined) return undefined
    const before = this.#further.slice(0, this.#nextFurther++).filter((v) => v === variant).length
    const seed = this.seeds.length + before
    return { at, variant, seed, order: this.#order(name, this.#seed(seed)) }
  }

  #seed(index: number): number {
    return (this.#options.seed ?? 1) + index
  }

  /** How many runs of a variant were asked for by now. */
  asked(variant: number): number {
    return this.seeds.length + this.#further.filter((v) => v === variant).length
  }

  addSeed(variant: number): void {
    this.#further.push(variant)
  }

  #order(variant: string, seed: number): RunOrder {
    const {
      brief = false,
      signal,
      onProgress,
      course = false,
      glimpses = false,
      wallMs = () => 0,
    } = this.#options
    return {
      scenario: this.#scenario.resolve(variant, brief),
      file: this.#scenario.file,
      variant,
      brief,
      seed,
      wallMs,
      ...(course ? { course } : {}),
      ...(glimpses ? { glimpses } : {}),
      ...(signal === undefined ? {} : { signal }),
      ...(onProgress === undefined
        ? {}
        : {
            onProgress: (share: number, look?: Look) => onProgress(variant, seed, share, look),
          }),
    }
  }
}
