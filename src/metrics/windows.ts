// The run's time cut into slices; each is of one kind: its phase, and which named faults and windows it lies in.
import { must } from '../base/assert.ts'

export type Phase = 'warmup' | 'before' | 'fault' | 'after'
export const PHASES: readonly Phase[] = ['before', 'fault', 'after']

/** From an injection to its heal, or a window; `name` as the scenario names it. */
export interface Span {
  readonly fromUs: number
  readonly toUs: number
  readonly name: string | undefined
}

export interface WindowKind {
  readonly phase: Phase
  readonly faults: readonly string[]
  readonly windows: readonly string[]
}

/** What a selector asks for; without a phase, everything but the warm-up. */
export interface WindowFilter {
  readonly phase?: string | undefined
  readonly fault?: string | undefined
  readonly window?: string | undefined
}

export class Windows {
  readonly warmupEndUs: number
  /** Samples are kept per kind, so a fault that comes a thousand times costs no more than one that comes once. */
  readonly kinds: WindowKind[] = []
  /** Where each slice starts, and the last one ends. */
  readonly #from: number[] = []
  readonly #kind: number[] = []
  #cursor = 0

  /**
   * `spans` are the injections, known before the run. Phases: before the first, until the last heal, after.
   * `windows` are stretches that the scenario names; no phase depends on them.
   */
  constructor(warmupUs: number, spans: readonly Span[], windows: readonly Span[] = []) {
    this.warmupEndUs = warmupUs
    const first = spans.reduce((least, s) => Math.min(least, s.fromUs), Number.POSITIVE_INFINITY)
    const last = spans.reduce((most, s) => Math.max(most, s.toUs), Number.NEGATIVE_INFINITY)
    const named = spans.filter((s) => s.name !== undefined)
    const cuts = [0, warmupUs, ...(spans.length === 0 ? [] : [first, last])]
    const edges = new Set([...cuts, ...[...named, ...windows].flatMap((s) => [s.fromUs, s.toUs])])
    const ids = new Map<string, number>()
    const [faultsAt, windowsAt] = [namesInOrder(named), namesInOrder(windows)]
    for (const fromUs of [...edges].sort((a, b) => a - b)) {
      const phase =
        fromUs < warmupUs ? 'warmup' : fromUs < first ? 'before' : fromUs < last ? 'fault' : 'after'
      const kind: WindowKind = { phase, faults: faultsAt(fromUs), windows: windowsAt(fromUs) }
      const label = JSON.stringify(kind)
      const id = ids.get(label) ?? this.kinds.push(kind) - 1
      ids.set(label, id)
      this.#from.push(fromUs)
      this.#kind.push(id)
    }
    this.#from.push(Number.POSITIVE_INFINITY)
  }

  /** The kind of the slice that holds `us`. Cheap for times near the last one asked for. */
  at(us: number): number {
    return this.#kind[this.slice(us)] as number
  }

  slice(us: number): number {
    const from = this.#from
    let i = this.#cursor
    while (us >= (from[i + 1] as number)) i++
    while (i > 0 && us < (from[i] as number)) i--
    this.#cursor = i
    return i
  }

  kindOf(slice: number): number {
    return must(this.#kind[slice], 'slices come from slice()')
  }

  /** Where the slice ends: the next one's start, or infinity. */
  endOf(slice: number): number {
    return must(this.#from[slice + 1], 'slices come from slice()')
  }

  matching(filter: WindowFilter): number[] {
    return this.kinds.flatMap((kind, id) => (matches(kind, filter) ? [id] : []))
  }

  /** Length of the matching slices up to `endUs`. */
  lengthUs(filter: WindowFilter, endUs: number): number {
    const wanted = new Set(this.matching(filter))
    return this.#kind.reduce((sum, kind, i) => {
      const fromUs = this.#from[i] as number
      const toUs = Math.min(endUs, this.endOf(i))
      return wanted.has(kind) && toUs > fromUs ? sum + toUs - fromUs : sum
    }, 0)
  }
}

/** The names of what is there, at times that are asked for in order: each span is looked at twice only. */
function namesInOrder(spans: readonly Span[]): (us: number) => string[] {
  const changes = spans
    .filter((s) => s.fromUs < s.toUs)
    .flatMap(({ fromUs, toUs, name = '' }) => [
      { us: fromUs, name, by: 1 },
      { us: toUs, name, by: -1 },
    ])
    .sort((a, b) => a.us - b.us)
  const there = new Map<string, number>()
  let next = 0
  return (us) => {
    for (let change = changes[next]; change !== undefined && change.us <= us; ) {
      there.set(change.name, (there.get(change.name) ?? 0) + change.by)
      change = changes[++next]
    }
    return [...there].flatMap(([name, count]) => (count > 0 ? [name] : [])).sort()
  }
}

function matches(kind: WindowKind, filter: WindowFilter): boolean {
  if (filter.phase === undefined ? kind.phase === 'warmup' : kind.phase !== filter.phase)
    return false
  if (filter.window !== undefined && !kind.windows.includes(filter.window)) return false
  return filter.fault === undefined || kind.faults.includes(filter.fault)
}
