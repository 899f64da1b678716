// Samples in Prometheus' text: found by name and labels, added up, and missed where there is none.
import { expect, test } from 'vitest'
import { sampleIn } from '../../../src/pipelines/process/poll.ts'

const TEXT = `# HELP tasks_total Tasks.
# TYPE tasks_total counter
tasks_total{state="done",queue="a"} 3
tasks_total{queue="b", state="done"} 4 1395066363000
tasks_total{state="lost",queue="a"} 1e1
tasks_total_created{state="done"} 99
up 1
odd{text="a \\"}, b"} 7
broken NaN
`

test.each([
  ['up', 1],
  ['tasks_total', 17],
  ['tasks_total{state="done"}', 7],
  ['tasks_total{state="done",queue="b"}', 4],
  ['odd', 7],
  ['tasks_total{state="new"}', undefined],
  ['nothing', undefined],
  ['broken', undefined],
])('%s', (metric, value) => {
  expect(sampleIn(TEXT, metric)).toBe(value)
})
