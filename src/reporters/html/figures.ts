// The charts of a run as data: which lines, in which unit, over which instants.
import type { RunResult } from '../../run/result.ts'

export interface Line {
  readonly name: string
  readonly colour: string
  /** SVG's stroke-dasharray: no line is told by its colour alone. */
  readonly dash: string
  readonly values: readonly (number | null)[]
}

export interface Figure {
  readonly title: string
  readonly unit: 'per second' | 'ms' | 'count'
  readonly atMs: readonly number[]
  readonly lines: readonly Line[]
  /** Between the extremes of a level. */
  readonly band?: {
    readonly low: readonly (number | null)[]
    readonly high: readonly (number | null)[]
  }
  /** A level holds until it changes. */
  readonly isStepped: boolean
}

/** When what was there, in the order of the report. */
export interface Bar {
  readonly name: string
  readonly kind: 'fault' | 'alert'
  readonly spans: readonly (readonly [fromMs: number, toMs: number])[]
}

const FATE_LINES: readonly (readonly [fate: string, colour: string, dash: string])[] = [
  ['succeeded', '#1a9850', ''],
  ['failed', '#d73027', '6 2'],
  ['skipped', '#b07d12', '2 2'],
  ['rejected', '#8e5bd6', '8 2 2 2'],
  ['discarded', '#e06c00', '4 2'],
]
const FAILURE_COLOURS = ['#d73027', '#e06c00', '#8e5bd6', '#b07d12', '#c2408f'] as const
const DASHES = ['6 2', '4 2', '2 2', '8 2 2 2', '1 2'] as const
/** Levels beyond these say less than the room they take. */
const MOST_LEVELS = 6

export function figuresOf({ course, upstreams, simulatedMs }: RunResult): Figure[] {
  if (course === undefined) return []
  const { atMs, offered, fates, attempts, durationMs, levels } = course
  const seconds = atMs.map((at, i) => (at - (atMs[i - 1] ?? at)) / 1_000)
  const rate = (counts: readonly number[]) =>
    counts.map((n, i) => ((seconds[i] ?? 0) > 0 ? rounded(n / (seconds[i] as number)) : null))
  const counted = (title: string, lines: readonly Line[]): Figure => ({
    title,
    unit: 'per second',
    atMs,
    lines,
    isStepped: false,
  })
  const failures = Object.entries(attempts)
    .filter(([name]) => name !== 'ok')
    .map(([name, counts]) => ({ name, counts, total: counts.reduce((a, b) => a + b, 0) }))
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1))
  const shown = failures.slice(0, FAILURE_COLOURS.length)
  return [
    counted('Items: offered, and how they ended', [
      { name: 'offered', colour: '#6b7785', dash: '1 3', values: rate(offered) },
      ...FATE_LINES.flatMap(([fate, colour, dash]) =>
        fates[fate] === undefined ? [] : [{ name: fate, colour, dash, values: rate(fates[fate]) }],
      ),
    ]),
    counted('Attempts: calls by how they ended', [
      { name: 'ok', colour: '#1a9850', dash: '', values: rate(attempts.ok ?? []) },
      ...shown.map(({ name, counts }, i) => ({
        name,
        colour: FAILURE_COLOURS[i] ?? '#d73027',
        dash: DASHES[i] ?? '',
        values: rate(counts),
      })),
    ]),
    {
      title: 'Time from intended start to success',
      unit: 'ms',
      atMs,
      isStepped: false,
      lines: [
        { name: 'p50', colour: '#2b7bba', dash: '', values: durationMs.p50.map(rounded) },
        { name: 'p95', colour: '#8e5bd6', dash: '6 2', values: durationMs.p95.map(rounded) },
        { name: 'p99', colour: '#c2408f', dash: '2 2', values: durationMs.p99.map(rounded) },
      ],
    },
    ...amplified(upstreams?.overTime ?? [], simulatedMs),
    ...Object.entries(levels)
      // A gauge of what never waits is a line along the floor.
      .filter(([, { max }]) => max.some((value) => value !== null && value !== 0))
      .slice(0, MOST_LEVELS)
      .map(
        ([name, { help, value, min, max }]): Figure => ({
          title: `${help} (${name})`,
          unit: 'count',
          atMs,
          isStepped: true,
          lines: [{ name, colour: '#2b7bba', dash: '', values: value }],
          band: { low: min, high: max },
        }),
      ),
  ]
}

/** Of a run that called nothing twice there is nothing to see. */
function amplified(overTime: NonNullable<RunResult['upstreams']>['overTime'], endMs: number) {
  const values = overTime.map(({ amplification }) => rounded(amplification))
  if (!values.some((value) => value !== null && value > 1)) return []
  const chart: Figure = {
    title: 'Amplification: calls to upstreams ÷ first calls',
    unit: 'count',
    // The last stretch ends with the run.
    atMs: [...overTime.map(({ atMs }) => atMs), endMs],
    isStepped: true,
    lines: [
      {
        name: 'amplification',
        colour: '#c2408f',
        dash: '',
        values: [...values, values.at(-1) ?? null],
      },
    ],
  }
  return [chart]
}

/** As many digits as can be seen. */
function rounded(value: number): number
function rounded(value: number | null): number | null
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(5))
}

export function barsOf({ course, faults, alerts, simulatedMs }: RunResult): Bar[] {
  return [
    ...faults.map((fault, i): Bar => {
      const whole = [fault.atMs, fault.atMs + fault.forMs] as const
      return { name: fault.name ?? fault.kind, kind: 'fault', spans: course?.faults[i] ?? [whole] }
    }),
    ...alerts.map(
      ({ name, firedAtMs, resolvedAtMs }): Bar => ({
        name,
        kind: 'alert',
        spans: firedAtMs === null ? [] : [[firedAtMs, resolvedAtMs ?? simulatedMs]],
      }),
    ),
  ]
}
