// Open model: the rate moves in a straight line from stage to stage.
import { z } from 'zod'
import { positiveDuration, rate } from '../base/fields.ts'
import { formatDuration } from '../base/units.ts'
import { defineLoad, follow } from './load.ts'

const none = z.literal(0)
const options = z.strictObject({
  kind: z.literal('ramp'),
  from: z.union([none, rate]).default(0).meta({ description: 'The rate at the start' }),
  stages: z
    .array(z.strictObject({ to: z.union([none, rate]), for: positiveDuration }))
    .min(1)
    .meta({ description: 'Each stage ends at its rate' }),
})

type Options = z.output<typeof options>

export const ramp = defineLoad({
  kind: 'ramp',
  help: 'open model: the rate ramps from stage to stage',
  options,
  describe: (o) =>
    `${[o.from, ...o.stages.map((s) => s.to)].map((r) => Number(r.toPrecision(3))).join(' → ')}/s over ${formatDuration(length(o))}`,
  durationMs: length,
  expected: (o) =>
    Math.round(stages(o).reduce((sum, s) => sum + ((s.start + s.end) / 2) * s.seconds, 0)),
  start: (o, driver) => follow(times(o), driver, (atMs) => driver.offer(atMs)),
})

function length(o: Options): number {
  return o.stages.reduce((sum, stage) => sum + stage.for, 0)
}

function stages(o: Options) {
  return o.stages.map((stage, i) => ({
    start: i === 0 ? o.from : (o.stages[i - 1]?.to ?? 0),
    end: stage.to,
    seconds: stage.for / 1_000,
  }))
}

/** The nth item is due when the integral of the rate reaches n + ½. */
function* times(o: Options): Generator<number> {
  let startMs = 0
  let done = 0
  let next = 0.5
  for (const { start, end, seconds } of stages(o)) {
    const slope = (end - start) / seconds
    const within = ((start + end) / 2) * seconds
    for (; next <= done + within; next++) {
      const due = next - done
      // start·t + slope·t²/2 = due, in the form that does not cancel where the slope is small.
      const t = (2 * due) / (start + Math.sqrt(Math.max(0, start * start + 2 * slope * due)))
      yield startMs + Math.min(t, seconds) * 1_000
    }
    done += within
    startMs += seconds * 1_000
  }
}
