// Markdown. What lays it out is loaded when it is written.
import { defineReporter } from './reporter.ts'

export const markdown = defineReporter({
  kind: 'markdown',
  help: 'for the summary of a CI step',
  async render(summary, options) {
    const { markdownReport } = await import('./markdown-report.ts')
    return markdownReport(summary, options)
  },
})
