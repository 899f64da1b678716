// The console report, for people. What lays it out is loaded when it is shown.
import { defineReporter } from './reporter.ts'

export const console = defineReporter({
  kind: 'console',
  help: 'for people, on the terminal',
  async render(summary, options) {
    const { consoleReport } = await import('./console-report.ts')
    return consoleReport(summary, options)
  },
})
