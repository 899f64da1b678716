// One page that holds everything. What lays it out is loaded when it is written.
import { defineReporter } from '../reporter.ts'

export const html = defineReporter({
  kind: 'html',
  help: 'one page with charts, readable without scripts',
  charts: true,
  async render(summary, options) {
    const { page } = await import('./page.ts')
    return page(summary, options)
  },
})
