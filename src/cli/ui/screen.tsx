// The screen for runs that take longer than a few seconds, drawn from a view and nothing else.

import { Box, Text } from 'ink'
import type { ReactNode } from 'react'
import { figure, number, percent } from '../../base/figures.ts'
import { formatDuration } from '../../base/units.ts'
import { clip } from '../../reporters/text.ts'
import type { Glimpse, HostState } from '../../run/glimpse.ts'
import { sayMargin, sayObserved } from '../../verdict/said.ts'
import { bar, spanLine, sparkline } from './marks.ts'
import type { Running, View } from './view.ts'

const LABEL = 12
/** Lines that the sections which may grow take at most. */
const MOST_ROWS = 5

interface Size {
  readonly columns: number
  readonly rows: number
}

/** Lower than its terminal: one as high would be drawn by wiping all of it. What stands last goes first. */
export function Screen({ view, columns, rows }: { readonly view: View } & Size) {
  const [first, ...others] = view.running
  const width = Math.max(40, columns) - 1
  const lines = [
    <Header key="header" view={view} run={first} width={width} />,
    ...(first === undefined ? [] : mainLines(first, view, width)),
    ...others.slice(0, 3).map((run) => <Other key={nameOf(run)} run={run} width={width} />),
    ...(first?.glimpse === undefined ? [] : detailLines(first.glimpse, width)),
  ]
  return (
    <Box flexDirection="column" width={width}>
      {lines.slice(0, Math.max(1, rows - 2))}
      <Text dimColor>
        {view.isStopping
          ? 'stopping: what was measured is reported'
          : 'q stops, and reports what was measured'}
      </Text>
    </Box>
  )
}

function Header({ view, run, width }: { view: View; run: Running | undefined; width: number }) {
  const { pass, fail, inconclusive } = view.done
  const done = pass + fail + inconclusive
  const counted = `${number(done)} of ${number(view.total)} runs done`
  return (
    <Text wrap="truncate">
      <Text bold>
        {run === undefined ? 'aftershock' : clip(nameOf(run), width - counted.length - 12)}
      </Text>
      <Text dimColor>{`  ${view.world} world  ${counted}`}</Text>
      {fail > 0 && <Text color="red">{`  ✗ ${number(fail)}`}</Text>}
      {inconclusive > 0 && <Text color="yellow">{`  ? ${number(inconclusive)}`}</Text>}
    </Text>
  )
}

/** A smaller share is too little to go by. */
const LITTLE = 0.02

/** Of all runs, where there is more than one. */
function leftForAll({ total, running, nowMs, startedMs, done }: View): string {
  const ended = done.pass + done.fail + done.inconclusive
  const share = (ended + running.reduce((sum, run) => sum + run.share, 0)) / total
  if (total === 1 || share <= LITTLE || share >= 1) return ''
  return `, ${sayLeft(nowMs - startedMs, share)} for all`
}

/** In whole seconds: what is guessed is not known better. */
function sayLeft(wallMs: number, share: number): string {
  return formatDuration(Math.ceil(((wallMs / share) * (1 - share)) / 1_000) * 1_000)
}

function mainLines(run: Running, view: View, width: number): ReactNode[] {
  const wallMs = view.nowMs - run.startedMs
  const { glimpse, share } = run
  const left =
    share >= 1 ? 'settling' : share > LITTLE ? `about ${sayLeft(wallMs, share)} left` : ''
  const cells = Math.max(10, Math.min(40, width - LABEL - 40))
  return [
    <Text key="bar" wrap="truncate">
      {label('progress')}
      <Text color="cyan">{bar(share, cells)}</Text>
      {` ${Math.floor(share * 100)} %  ${left}${leftForAll(view)}`}
    </Text>,
    ...(glimpse === undefined
      ? []
      : [
          <Text key="clock" wrap="truncate">
            {label('clock')}
            {`${formatDuration(glimpse.nowMs)} of ${formatDuration(glimpse.loadEndMs)}`}
            <Text
              dimColor
            >{`  wall ${formatDuration(wallMs)}${faster(glimpse.nowMs, wallMs)}`}</Text>
          </Text>,
          <Text key="items" wrap="truncate">
            {label('items')}
            {`offered ${number(glimpse.offered)}  succeeded ${number(glimpse.succeeded)}  `}
            <Text
              {...(glimpse.lost > 0 ? { color: 'red' } : {})}
            >{`lost ${number(glimpse.lost)}`}</Text>
            {`  open ${number(glimpse.offered - glimpse.succeeded - glimpse.lost)}`}
          </Text>,
          ...sparklines(run, width),
        ]),
  ]
}

function faster(worldMs: number, wallMs: number): string {
  return wallMs < 100
    ? ''
    : `  ${figure(Math.round(worldMs / wallMs) || Number((worldMs / wallMs).toPrecision(2)))} × as fast`
}

function sparklines(run: Running, width: number): ReactNode[] {
  const cells = Math.max(10, Math.min(48, width - LABEL - 16))
  const rate = run.succeededPerSecond
  const top = Math.max(...rate, 0)
  return [
    <Text key="rate" wrap="truncate">
      {label('throughput')}
      <Text color="green">{sparkline(rate, cells, top)}</Text>
      {` ${figure(Number((rate.at(-1) ?? 0).toPrecision(3)))}/s`}
    </Text>,
    <Text key="lost" wrap="truncate">
      {label('lost')}
      <Text color="red">{sparkline(run.lostShare, cells, 1)}</Text>
      {` ${percent(run.lostShare.at(-1) ?? 0)}`}
    </Text>,
  ]
}

function detailLines(glimpse: Glimpse, width: number): ReactNode[] {
  return [
    ...thresholdLines(glimpse),
    ...faultLines(glimpse, width),
    ...levelLines(glimpse, width),
    ...hostLines(glimpse, width),
  ]
}

function thresholdLines({ thresholds, breach }: Glimpse): ReactNode[] {
  return thresholds.slice(0, MOST_ROWS).map((t, i) => {
    const isExpected = t.ok === false && breach.includes(t.metric)
    const colour = t.ok === null ? 'yellow' : t.ok ? 'green' : isExpected ? 'cyan' : 'red'
    const margin = sayMargin(t)
    const room = isExpected ? 'breach expected' : margin === '' ? '' : `margin ${margin}`
    return (
      <Text key={`threshold ${t.metric} ${t.expr}`} wrap="truncate">
        {label(i === 0 ? 'thresholds' : '')}
        <Text color={colour}>{t.ok === null ? '?' : t.ok ? '✓' : '✗'}</Text>
        {` ${t.metric} ${t.expr}  ${sayObserved(t)}  `}
        <Text dimColor>{room}</Text>
      </Text>
    )
  })
}

function faultLines({ faults, nowMs, loadEndMs }: Glimpse, width: number): ReactNode[] {
  const cells = Math.max(10, Math.min(40, width - LABEL - 30))
  return faults.slice(0, MOST_ROWS).map(({ name, spans }, i) => {
    const isActive = spans.some(([from, to]) => from <= nowMs && nowMs < Math.max(to, from + 1))
    return (
      <Text key={`fault ${name} ${spans[0]?.[0]}`} wrap="truncate">
        {label(i === 0 ? 'faults' : '')}
        <Text color={isActive ? 'red' : 'gray'}>
          {spanLine(spans, { nowMs, endMs: loadEndMs, cells })}
        </Text>
        {` ${name}`}
        {isActive && <Text color="red"> active</Text>}
      </Text>
    )
  })
}

function levelLines({ levels, parts }: Glimpse, width: number): ReactNode[] {
  const said = [
    ...Object.entries(levels).map(([name, value]) => `${name} ${figure(value)}`),
    ...parts
      .filter(({ busy, waiting }) => busy > 0 || waiting > 0)
      .map(
        ({ name, busy, waiting }) =>
          `${name} ${figure(busy)} busy${waiting > 0 ? `, ${figure(waiting)} waiting` : ''}`,
      ),
  ]
  return said.length === 0 ? [] : wrapped('levels', said, width)
}

const STATES: Readonly<Record<HostState, readonly [mark: string, colour: string]>> = {
  up: ['●', 'green'],
  paused: ['‖', 'yellow'],
  down: ['✗', 'red'],
}

/** `service-* ●●✗`: hosts that differ in a number are one group. */
function hostLines({ hosts }: Glimpse, width: number): ReactNode[] {
  const groups = Map.groupBy(Object.entries(hosts), ([name]) => name.replace(/\d+$/, '*'))
  const most = Math.max(1, width - LABEL - 20)
  return [...groups].slice(0, MOST_ROWS).map(([name, members], i) => (
    <Text key={`host ${name}`} wrap="truncate">
      {label(i === 0 ? 'hosts' : '')}
      {`${members.length === 1 ? members[0]?.[0] : name} `}
      {members.slice(0, most).map(([host, state]) => (
        <Text key={host} color={STATES[state][1]}>
          {STATES[state][0]}
        </Text>
      ))}
    </Text>
  ))
}

/** Words after one label, over as many lines as they need, three at most. */
function wrapped(name: string, said: readonly string[], width: number): ReactNode[] {
  const lines: string[] = []
  for (const word of said) {
    const line = lines.at(-1)
    if (line !== undefined && line.length + word.length + 3 <= width - LABEL)
      lines[lines.length - 1] = `${line} · ${word}`
    else lines.push(word)
  }
  return lines.slice(0, 3).map((line, i) => (
    <Text key={`${name} ${line}`} wrap="truncate">
      {label(i === 0 ? name : '')}
      {line}
    </Text>
  ))
}

function Other({ run, width }: { run: Running; width: number }) {
  return (
    <Text wrap="truncate" dimColor>
      {label('beside')}
      {`${bar(run.share, 10)} ${String(Math.floor(run.share * 100)).padStart(3)} %  ${clip(nameOf(run), width - LABEL - 18)}`}
    </Text>
  )
}

function nameOf({ scenario, variant, seed }: Running): string {
  return `${scenario} · ${variant} · seed ${seed}`
}

function label(text: string) {
  return <Text dimColor>{text.padEnd(LABEL)}</Text>
}
