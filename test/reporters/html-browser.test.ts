// The page in a real Chromium: charts drawn with and without scripts, nothing on the console, nothing that axe finds serious.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { html } from '../../src/reporters/index.ts'
import { Folder } from '../scenario/reading.ts'
import { CHROMIUM, launch, Served, STRICT, WITHOUT } from './browser.ts'
import { withCourse } from './course.ts'
import { result, summary } from './result.ts'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const OPTIONS = { color: false, width: 0, command: 'aftershock' }
const HOSTILE = '<img src=x onerror="document.title=1"></script><script>document.title=2</script>'

let browser: Browser
let folder: Folder
let page: string
let address: string

describe.runIf(CHROMIUM !== undefined)(CHROMIUM === undefined ? WITHOUT : 'in Chromium', () => {
  beforeAll(async () => {
    const runs = [withCourse(), result({ variant: 'fix' }), result({ variant: HOSTILE })]
    page = await html.render(summary(...runs), OPTIONS)
    folder = new Folder()
    const file = join(folder.path, 'report.html')
    writeFileSync(file, page)
    address = pathToFileURL(file).href
    browser = await launch()
  })
  afterAll(async () => {
    await browser?.close()
    folder?.[Symbol.dispose]()
  })

  async function opened(
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<{ shown: Page; said: string[] } & AsyncDisposable> {
    const context = await browser.newContext({
      viewport: { width: 1100, height: 5_000 },
      ...options,
    })
    const shown = await context.newPage()
    shown.setDefaultTimeout(10_000)
    const said: string[] = []
    shown.on('console', (message) => said.push(message.text()))
    shown.on('pageerror', (error) => said.push(error.message))
    await shown.goto(url)
    return { shown, said, [Symbol.asyncDispose]: () => context.close() }
  }

  const seriousIn = async (shown: Page) => {
    await shown.evaluate(`${AXE}; 0`)
    const found = (await shown.evaluate('axe.run()')) as {
      violations: { id: string; impact: string; nodes: { html: string }[] }[]
    }
    return found.violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)
  }

  test.each(['light', 'dark'] as const)('as a file, %s', async (colorScheme) => {
    await using open = await opened(address, { colorScheme, bypassCSP: true })
    const { shown, said } = open
    await shown.waitForFunction("document.querySelectorAll('.plot canvas').length === 5")
    // Something is drawn on each of them.
    const inked = await shown.evaluate(`[...document.querySelectorAll('.plot canvas')].map((c) =>
      c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((byte) => byte !== 0))`)
    expect({ said, inked }).toEqual({ said: [], inked: [true, true, true, true, true] })
    expect(await shown.title()).toBe('✓ Pass · outage · Aftershock')
    expect(await seriousIn(shown)).toEqual([])
  })

  test('zooms and tells values with the keyboard', async () => {
    await using open = await opened(address)
    const { shown } = open
    await shown.waitForSelector('.plot canvas')
    const plot = shown.locator('.plot').first()
    await plot.focus()
    await plot.press('ArrowRight')
    expect(await plot.locator('.u-value').allTextContents()).toEqual(['37.5s', '12', '12', '0'])
    await plot.press('+')
    await plot.press('Escape')
    expect(await plot.locator('.u-value').count()).toBe(4)
  })

  test('on a phone nothing makes the page itself wider than it', async () => {
    // The charts below the window are the still ones, which scroll sideways.
    for (const height of [700, 5_000]) {
      const phone = { viewport: { width: 360, height }, bypassCSP: true }
      await using open = await opened(address, phone)
      await open.shown.waitForSelector('.plot canvas')
      expect(await open.shown.evaluate('document.documentElement.scrollWidth')).toBe(360)
      expect(await seriousIn(open.shown)).toEqual([])
    }
  })

  test('where scripts and styles are blocked, verdict, tables and charts are there', async () => {
    await using served = await Served.of(page, { 'content-security-policy': STRICT })
    await using open = await opened(served.url)
    const { shown } = open
    expect(await shown.locator('h1').textContent()).toBe('✓ Pass outage')
    expect(await shown.locator('.plot').count()).toBe(0)
    const charts = shown.locator('figure svg')
    expect(await charts.count()).toBe(6)
    for (const chart of await charts.all()) expect((await chart.boundingBox())?.width).toBe(760)
    // Lines have their colours from attributes alone.
    const line = shown.locator('svg path[stroke="#1a9850"]').first()
    expect((await line.boundingBox())?.height).toBeGreaterThan(100)
    expect(await shown.locator('table').first().textContent()).toContain('baseline')
    await expect(shown.evaluate('document.title')).resolves.toBe('✓ Pass · outage · Aftershock')
  })

  test('on paper the charts are the still ones', async () => {
    await using open = await opened(address)
    await open.shown.waitForSelector('.plot canvas')
    await open.shown.emulateMedia({ media: 'print' })
    expect(await open.shown.locator('.plot').first().isVisible()).toBe(false)
    expect(await open.shown.locator('figure.chart svg').first().isVisible()).toBe(true)
  })
})
