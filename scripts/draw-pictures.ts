// Draws the README's pictures out of real runs: `npm run build && npm run pictures`. The page's needs a Chromium.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'

process.env.FORCE_COLOR = '1'
const from = (path: string) => import(new URL(`../dist/src/${path}`, import.meta.url).href)
const into = (name: string) => fileURLToPath(new URL(`../docs/${name}`, import.meta.url))
const SCENARIO = 'scenarios/inference/heartbeat-loss.ts'
const COLUMNS = 84
const ESCAPE = String.fromCharCode(27)
/** What chalk puts before and after words. */
const STYLED = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`)
/** How far the run is that the terminal's picture shows. */
const AT = 0.5

const { readScenario } = await from('scenario/read.js')
const { run } = await from('run/scenario.js')
const { summaryOf } = await from('run/summary.js')
const { html } = await from('reporters/index.js')
const { LiveView } = await from('cli/ui/view.js')
const { Screen } = await from('cli/ui/screen.js')
const { renderToString } = await import('ink')
const { createElement } = await import('react')

const scenario = await readScenario(SCENARIO)
const view = new LiveView('virtual', scenario.variants.length, performance.now())
let frame = ''
const runs = await run(scenario, {
  course: true,
  glimpses: true,
  wallMs: () => performance.now(),
  onProgress(variant: string, seed: number, share: number, look: unknown) {
    if (frame !== '') return
    view.progress(scenario.name, variant, seed, share, look, performance.now())
    if (share >= AT)
      frame = renderToString(createElement(Screen, { view, columns: COLUMNS, rows: 30 }), {
        columns: COLUMNS,
      })
  },
})
writeFileSync(into('terminal.svg'), terminal(frame.split('\n')))

const page = await html.render(summaryOf(runs), { color: false, width: 0, command: 'aftershock' })
const folder = mkdtempSync(join(tmpdir(), 'pictures-'))
const file = join(folder, 'report.html')
writeFileSync(file, page)
const browser = await chromium.launch({
  executablePath: process.env.AFTERSHOCK_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
})
const shown = await browser.newPage({ viewport: { width: 960, height: 1_560 } })
await shown.goto(pathToFileURL(file).href)
await shown.waitForSelector('.plot canvas')
await shown.screenshot({ path: into('report.png') })
await browser.close()
rmSync(folder, { recursive: true })

/** A frame with its colours as SVG, each run of characters at its column. */
function terminal(lines: readonly string[]): string {
  const [cell, line] = [8.43, 19]
  const [width, height] = [Math.ceil((COLUMNS + 2) * cell), (lines.length + 2) * line]
  const colours: Readonly<Record<string, string>> = {
    '31': '#ff7b72',
    '32': '#56d364',
    '33': '#e3b341',
    '36': '#76e3ea',
    '90': '#8b949e',
  }
  const escaped = (text: string) =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const drawn = lines.flatMap((text, row) => {
    let [column, colour, weight] = [0, '#e6edf3', '']
    return text.split(STYLED).flatMap((part) => {
      const code = part.startsWith(ESCAPE) ? part.slice(2, -1) : undefined
      if (code !== undefined) {
        if (code === '1') weight = ' font-weight="bold"'
        else if (code === '2') colour = '#8b949e'
        else if (code === '22') [weight, colour] = ['', '#e6edf3']
        else if (code === '39' || code === '0') colour = '#e6edf3'
        else colour = colours[code] ?? colour
        return []
      }
      if (part.trim() === '') {
        column += part.length
        return []
      }
      const x = ((column + 1) * cell).toFixed(1)
      const length = (part.length * cell).toFixed(1)
      column += part.length
      return [
        `<text x="${x}" y="${(row + 1.7) * line}" fill="${colour}"${weight} textLength="${length}" lengthAdjust="spacingAndGlyphs" xml:space="preserve">${escaped(part)}</text>`,
      ]
    })
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" role="img" aria-label="The terminal while heartbeat-loss runs">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
${drawn.join('\n')}
</svg>
`
}
