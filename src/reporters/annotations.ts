// Annotations of GitHub Actions. What writes them is loaded when they are written.
import { defineReporter } from './reporter.ts'

export const annotations = defineReporter({
  kind: 'annotations',
  help: 'errors beside the file, for GitHub Actions',
  async render(summary, options) {
    const { annotationsReport } = await import('./annotations-report.ts')
    return annotationsReport(summary, options)
  },
})
