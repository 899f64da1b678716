// The life of one item in about ten lines: when, how long after the last, what, and how it ended.
import { formatDuration } from '../base/units.ts'
import type { CallEvent, RunEvent } from '../metrics/history.ts'
import { sayResult } from '../verdict/said.ts'
import { clip, columns, type Paint } from './text.ts'

const MOST_LINES = 10

export interface LifeOptions {
  /** Which run it was. */
  readonly title: string
  readonly width: number
  readonly paint: Paint
}

export function renderLife(events: readonly RunEvent[], options: LifeOptions): string[] {
  const { title, width, paint } = options
  const item = events.find((e) => 'item' in e && e.item !== undefined)
  const key = events.find((e) => 'key' in e && e.key !== undefined)
  const named = key !== undefined && 'key' in key ? `${key.key}` : ''
  const number = item !== undefined && 'item' in item ? `item ${item.item}` : ''
  const rows = shortened(grouped(events)).map((group) => rowOf(group, events[0]?.atMs ?? 0))
  return [
    clip([named, number, title].filter((part) => part !== '').join(' · '), width),
    ...columns(rows, [0, 1]).map((line, i) =>
      styled(clip(`  ${line}`, width), rows[i]?.[2] ?? '', paint),
    ),
  ]
}

/** Calls of one route that end alike, one after the other, are told in one line. */
type Group = readonly RunEvent[]

function grouped(events: readonly RunEvent[]): Group[] {
  const groups: RunEvent[][] = []
  for (const event of events) {
    const last = groups.at(-1)
    if (last !== undefined && isAlike(last.at(-1), event)) last.push(event)
    else groups.push([event])
  }
  return groups
}

function isAlike(a: RunEvent | undefined, b: RunEvent): boolean {
  return (
    a?.event === 'call' &&
    b.event === 'call' &&
    a.route === b.route &&
    a.class === b.class &&
    a.code === b.code
  )
}

/** The beginning and the end tell most. */
function shortened(groups: readonly Group[]): (Group | number)[] {
  if (groups.length <= MOST_LINES) return [...groups]
  const head = Math.ceil((MOST_LINES - 1) / 2)
  const tail = MOST_LINES - 1 - head
  return [
    ...groups.slice(0, head),
    groups.length - head - tail,
    ...groups.slice(groups.length - tail),
  ]
}

function rowOf(group: Group | number, startMs: number): string[] {
  if (typeof group === 'number') return ['', '', '…', `${group} more`]
  const [first] = group
  const last = group.at(-1)
  if (first === undefined || last === undefined) return []
  const sinceMs = last.atMs - startMs
  return [timeOf(last.atMs), `+${formatDuration(sinceMs)}`, ...sayingOf(first, group)]
}

/** `3:52:01.250` from the run's start. */
function timeOf(atMs: number): string {
  const total = Math.round(atMs)
  const pad = (n: number, digits: number) => String(n).padStart(digits, '0')
  const [ms, s, m, h] = [
    total % 1_000,
    Math.floor(total / 1_000) % 60,
    Math.floor(total / 60_000) % 60,
    Math.floor(total / 3_600_000),
  ]
  return `${h}:${pad(m, 2)}:${pad(s, 2)}.${pad(ms, 3)}`
}

function sayingOf(event: RunEvent, group: Group): [what: string, how: string] {
  switch (event.event) {
    case 'offer': {
      const lateMs = event.atMs - event.dueMs
      return ['offered', lateMs > 0 ? `${formatDuration(lateMs)} after it was due` : '']
    }
    case 'call':
      return [event.route, callOf(event, group as readonly CallEvent[])]
    case 'remove':
      return ['removed', `by ${event.by}`]
    case 'log':
      return ['log', `${event.host}: ${event.line}`]
    case 'fate':
      return [event.fate, event.stage === undefined ? '' : `at ${event.stage}: ${sayResult(event)}`]
    default:
      return [event.event, event.fault]
  }
}

function callOf(call: CallEvent, group: readonly CallEvent[]): string {
  const result = sayResult(call)
  const totalMs = group.reduce((sum, { atMs, startMs }) => sum + atMs - startMs, 0)
  const targets = [...new Set(group.map(({ to }) => to))]
  const to = targets.length === 1 ? targets[0] : `${targets.length} hosts`
  const times =
    group.length === 1
      ? `took ${formatDuration(totalMs)}`
      : `${group.length} times, ${formatDuration(totalMs / group.length)} each`
  const words = call.message === undefined ? '' : ` "${call.message}"`
  return `${call.from} → ${to}  ${result}${words}  ${times}`
}

function styled(line: string, what: string, paint: Paint): string {
  if (what === 'succeeded') return paint('green', line)
  if (['failed', 'skipped', 'rejected', 'discarded'].includes(what)) return paint('red', line)
  return ['inject', 'heal', 'removed'].includes(what) ? paint('yellow', line) : line
}
