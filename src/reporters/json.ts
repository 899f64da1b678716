// The whole summary, as it is exported.
import { defineReporter } from './reporter.ts'

export const json = defineReporter({
  kind: 'json',
  help: 'the summary, aftershock/summary/v1',
  render: (summary) => `${JSON.stringify(summary, null, 2)}\n`,
})
