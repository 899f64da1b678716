// JUnit's XML. What lays it out is loaded when it is written.
import { defineReporter } from './reporter.ts'

export const junit = defineReporter({
  kind: 'junit',
  help: 'testcases for Jenkins, GitLab and their like',
  async render(summary, options) {
    const { junitReport } = await import('./junit-report.ts')
    return junitReport(summary, options)
  },
})
