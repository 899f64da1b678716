// The metrics that a scenario may name: their type, their tags, and what they count.

import type { OutcomeRule } from './outcomes.ts'

/** ratio: a figure of the whole selection, like one count by another. */
export type MetricType = 'rate' | 'trend' | 'gauge' | 'counter' | 'ratio'

export interface Metric {
  readonly type: MetricType
  readonly tags: readonly string[]
  readonly help: string
}

const WHEN = ['phase', 'fault', 'window'] as const
const CAUSE = [...WHEN, 'stage', 'class', 'code'] as const

const items = (help: string): Metric => ({ type: 'rate', tags: CAUSE, help })

/** Of items: `rate` is over the items offered in the selected phase, `count` is how many. */
const ITEMS: Readonly<Record<string, Metric>> = {
  item_succeeded: { type: 'rate', tags: WHEN, help: 'Items that succeeded' },
  item_failed: items('Items that failed'),
  item_skipped: items('Items whose object a check did not find'),
  item_rejected: items('Items that were refused on entry'),
  item_discarded: items('Items removed unprocessed'),
  item_lost: items('failed + skipped + rejected + discarded'),
  item_pending: { type: 'rate', tags: WHEN, help: 'Items without a fate when the run ended' },
  item_duration: { type: 'trend', tags: WHEN, help: 'From intended start to success, ms' },
  items_offered: { type: 'counter', tags: WHEN, help: 'Items offered' },
  items_dropped: {
    type: 'counter',
    tags: [],
    help: 'Items due that the generator could not offer',
  },
  item_duplicates: { type: 'counter', tags: [], help: 'Second successes of an item' },
}

/** Of calls, successes included. Never to be mixed up with items. */
const ATTEMPTS: Readonly<Record<string, Metric>> = {
  attempts: {
    type: 'rate',
    tags: [...WHEN, 'route', 'class', 'code'],
    help: 'Calls; rate: share of the calls of the route',
  },
  attempt_failed: { type: 'rate', tags: [...WHEN, 'route'], help: 'Calls that did not end ok' },
  attempt_duration: { type: 'trend', tags: [...WHEN, 'route'], help: 'From call to answer, ms' },
  broken_pipes: { type: 'counter', tags: WHEN, help: 'Answers written to a caller that had gone' },
  log_lines: { type: 'counter', tags: [...WHEN, 'line'], help: 'Lines that the system logged' },
}

/** Of the places where work waits or is done. */
const PARTS: Readonly<Record<string, Metric>> = {
  part_utilisation: { type: 'gauge', tags: [...WHEN, 'part'], help: 'Busy slots ÷ slots' },
  part_busy: { type: 'gauge', tags: [...WHEN, 'part'], help: 'Busy slots' },
  part_queue: { type: 'gauge', tags: [...WHEN, 'part'], help: 'Waiting for a slot' },
  part_wait: { type: 'trend', tags: [...WHEN, 'part'], help: 'Wait for a slot, ms' },
}

/** Of what the system asks of its upstreams, and of how it comes back. */
const UPSTREAMS: Readonly<Record<string, Metric>> = {
  upstream_calls: { type: 'counter', tags: [...WHEN, 'route'], help: 'Calls to upstreams' },
  upstream_calls_per_success: {
    type: 'ratio',
    tags: WHEN,
    help: 'Calls to upstreams for the selected items ÷ those that succeeded: what each is paid for',
  },
  amplification: {
    type: 'ratio',
    tags: [...WHEN, 'route'],
    help: "Calls to upstreams ÷ items' first calls of each route: 1 where nothing is called again",
  },
  useful_work: {
    type: 'ratio',
    tags: WHEN,
    help: 'Calls to upstreams that a success needed ÷ all that were made',
  },
  recovery_time: {
    type: 'ratio',
    tags: [],
    help: 'From the last heal until all was well for a minute, ms; a year where it never was',
  },
}

/** Of a pipeline that knows who was told. */
const TOLD: Readonly<Record<string, Metric>> = {
  tasks_untold: {
    type: 'counter',
    tags: [...WHEN, 'result'],
    help: 'Items that ended, and nobody was told',
  },
}

export const BUILT_IN: Readonly<Record<string, Metric>> = {
  ...ITEMS,
  ...ATTEMPTS,
  ...PARTS,
  ...UPSTREAMS,
}

/** What a pipeline adds to the catalog. */
export interface Declared {
  readonly metrics: Readonly<
    Record<string, { readonly type: 'gauge' | 'counter'; readonly help: string }>
  >
  readonly reports: Readonly<Record<string, string>>
  readonly outcomes?: readonly OutcomeRule[]
}

export function catalogOf(pipeline: Declared): ReadonlyMap<string, Metric> {
  const own = Object.entries(pipeline.metrics).map(
    ([name, m]) => [name, { ...m, tags: WHEN }] as const,
  )
  const reported = Object.entries(pipeline.reports).map(
    ([name, help]) => [`reported_${name}`, { type: 'gauge', tags: WHEN, help }] as const,
  )
  const told = pipeline.outcomes?.some((rule) => rule.on === 'log' && rule.tells !== undefined)
    ? TOLD
    : {}
  const common = { ...ITEMS, ...ATTEMPTS, ...PARTS }
  return new Map<string, Metric>([
    ...Object.entries(common),
    ...own,
    ...Object.entries({ ...UPSTREAMS, ...told }),
    ...reported,
  ])
}

/** What may be asked of each type; `p(N)` of trends besides. */
export const AGGREGATIONS: Readonly<Record<MetricType, readonly string[]>> = {
  rate: ['rate', 'count'],
  trend: ['avg', 'min', 'med', 'max', 'count'],
  gauge: ['value', 'min', 'max', 'avg'],
  counter: ['count', 'rate'],
  ratio: ['value'],
}
