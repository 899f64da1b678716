// The whole summary, as it is exported.
import { withoutCourses } from '../run/summary.ts'
import { defineReporter } from './reporter.ts'

export const json = defineReporter({
  kind: 'json',
  help: 'the summary, aftershock/summary/v1',
  render: (summary) => `${JSON.stringify(withoutCourses(summary), null, 2)}\n`,
})
