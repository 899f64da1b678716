// What scripts add to the charts: values under the cursor, zoom, and the width of the window. Drawn by uPlot.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

/** Both inlined: the page fetches nothing. */
export async function client(): Promise<{ readonly script: string; readonly style: string }> {
  const { resolve } = createRequire(import.meta.url)
  const [library, style] = await Promise.all([
    readFile(resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
    readFile(resolve('uplot/dist/uPlot.min.css'), 'utf8'),
  ])
  return { script: `${library}\n${SCRIPT}`, style }
}

const SCRIPT = `
;(() => {
  'use strict'
  const dark = matchMedia('(prefers-color-scheme: dark)')
  const text = () => getComputedStyle(document.body).color
  const duration = (ms) => {
    if (ms == null) return '–'
    if (ms === 0) return '0'
    const whole = Math.round(ms)
    if (whole < 1000) return whole + 'ms'
    const s = ms / 1000
    if (s < 60) return Number(s.toPrecision(3)) + 's'
    const m = Math.floor(s / 60)
    if (m < 60) return m + 'm' + (Math.round(s % 60) ? Math.round(s % 60) + 's' : '')
    return Math.floor(m / 60) + 'h' + (m % 60 ? (m % 60) + 'm' : '')
  }
  const figure = (v) => (v == null ? '–' : Number(v.toPrecision(4)).toLocaleString('en'))
  /** Of the charts of one run: its instants, and its faults and alerts. */
  const sharedBy = new Map()

  function shades(bars) {
    return (u) => {
      const { ctx } = u
      const { left, top, width, height } = u.bbox
      ctx.save()
      ctx.beginPath()
      ctx.rect(left, top, width, height)
      ctx.clip()
      for (const { kind, spans } of bars)
        for (const [from, to] of spans) {
          const [x, end] = [u.valToPos(from, 'x', true), u.valToPos(to, 'x', true)]
          ctx.fillStyle = kind === 'fault' ? 'rgba(240,162,2,.18)' : '#d73027'
          ctx.fillRect(x, top, Math.max(1, end - x), kind === 'fault' ? height : 4 * devicePixelRatio)
          if (kind === 'alert') ctx.fillRect(x, top, devicePixelRatio, height)
        }
      ctx.restore()
    }
  }

  const plots = new Set()
  function draw(box, svg, data) {
    const show = data.unit === 'ms' ? duration : figure
    const { bars, ...shared } = sharedBy.get(data.of)
    const atMs = data.atMs || shared.atMs
    const extremes = data.band ? [['least', data.band.low], ['most', data.band.high]] : []
    const lines = [
      ...data.lines,
      ...extremes.map(([name, values]) => ({ name, values, colour: data.lines[0].colour + '66', dash: '' })),
    ]
    const axis = { stroke: text, grid: { stroke: dark.matches ? '#ffffff22' : '#00000018', width: 1 }, ticks: { show: false }, font: '12px system-ui' }
    // A level is read at the end of a stretch, and holds from there; its extremes are those of the stretch.
    const [since, until] = [1, -1].map((align) => uPlot.paths.stepped({ align }))
    const plot = new uPlot(
      {
        width: box.clientWidth,
        height: 230,
        ms: 1,
        legend: { live: true },
        cursor: { sync: { key: data.of }, drag: { x: true, y: false }, points: { size: 6 } },
        scales: { x: { time: false, range: (u, min, max) => [min, max] }, y: { range: (u, min, max) => [0, max > 0 ? max * 1.05 : 1] } },
        axes: [
          { ...axis, values: (u, ticks) => ticks.map(duration), incrs: [1, 10, 100, 1e3, 5e3, 1e4, 3e4, 6e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 864e5] },
          { ...axis, size: 62, values: (u, ticks) => ticks.map(show) },
        ],
        bands: data.band ? [{ series: [lines.length, lines.length - 1], fill: data.lines[0].colour + '22' }] : [],
        series: [
          { label: 'at', value: (u, v) => duration(v) },
          ...lines.map(({ name, colour, dash }, i) => ({
            label: name,
            stroke: colour,
            width: 1.6,
            dash: dash ? dash.split(' ').map(Number) : undefined,
            points: { show: false },
            value: (u, v) => show(v),
            ...(data.isStepped ? { paths: i < data.lines.length ? since : until } : {}),
          })),
        ],
        hooks: { drawClear: [shades(bars)] },
      },
      [atMs, ...lines.map((l) => l.values)],
      box,
    )
    svg.style.display = 'none'
    plots.add(plot)
    const whole = () => plot.setScale('x', { min: 0, max: data.endMs })
    whole()
    box.addEventListener('keydown', (event) => {
      const { min, max } = plot.scales.x
      const middle = plot.cursor.idx == null ? (min + max) / 2 : atMs[plot.cursor.idx]
      const zoom = (factor) => {
        const half = ((max - min) * factor) / 2
        const from = Math.max(0, Math.min(middle - half, data.endMs - 2 * half))
        plot.setScale('x', { min: from, max: Math.min(data.endMs, from + 2 * half) })
      }
      const move = (by) => {
        const at = Math.max(0, Math.min(atMs.length - 1, (plot.cursor.idx ?? 0) + by))
        plot.setCursor({ left: plot.valToPos(atMs[at], 'x'), top: 10 })
      }
      const actions = { ArrowLeft: () => move(-1), ArrowRight: () => move(1), '+': () => zoom(0.5), '=': () => zoom(0.5), '-': () => zoom(2), Escape: whole, Home: whole }
      const action = actions[event.key]
      if (!action || event.ctrlKey || event.metaKey || event.altKey) return
      event.preventDefault()
      action()
    })
    new ResizeObserver(() => {
      if (box.clientWidth > 0 && box.clientWidth !== plot.width) plot.setSize({ width: box.clientWidth, height: 230 })
    }).observe(box)
  }

  const figures = document.querySelectorAll('figure.chart')
  const waiting = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue
        waiting.unobserve(target)
        const data = JSON.parse(target.querySelector('script').textContent)
        const svg = target.querySelector('svg')
        const box = document.createElement('div')
        box.className = 'plot'
        box.tabIndex = 0
        box.setAttribute('role', 'group')
        box.setAttribute('aria-label', target.querySelector('figcaption').textContent + ': arrows read values, plus and minus zoom, Escape shows all')
        svg.after(box)
        // The plot takes its place among what the keyboard reaches.
        target.removeAttribute('tabindex')
        draw(box, svg, data)
      }
    },
    { rootMargin: '400px' },
  )
  for (const target of figures) {
    const data = JSON.parse(target.querySelector('script').textContent)
    if (data.bars) sharedBy.set(data.of, data)
    waiting.observe(target)
  }
  if (figures.length > 0) {
    const hint = document.createElement('p')
    hint.className = 'hint'
    hint.textContent = 'Drag across a chart to zoom, double-click to see all of it again; with the keyboard: arrows, + and −, Escape.'
    document.querySelector('header').append(hint)
  }
  dark.addEventListener('change', () => { for (const plot of plots) plot.redraw() })
})()
`
