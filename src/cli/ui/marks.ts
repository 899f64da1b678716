// Pictures in one line of text: bars, sparklines, and spans along a time axis.

const BLOCKS = '▁▂▃▄▅▆▇█'

/** A bar of so many cells, an eighth of a cell exact. */
export function bar(share: number, cells: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * cells * 8)
  const part = eighths % 8
  const full = Math.floor(eighths / 8)
  const edge = part === 0 ? '' : ('▏▎▍▌▋▊▉'[part - 1] ?? '')
  return '█'.repeat(full) + edge + '░'.repeat(cells - full - edge.length)
}

/** The last values, from nothing to `top`. */
export function sparkline(values: readonly number[], cells: number, top: number): string {
  const last = values.slice(-cells)
  return last
    .map((value) => BLOCKS[Math.min(7, Math.max(0, Math.round((value / (top || 1)) * 7)))])
    .join('')
    .padStart(cells)
}

/** Where something is there along a time axis; what is over is full, what is to come hollow. */
export function spanLine(
  spans: readonly (readonly [fromMs: number, toMs: number])[],
  {
    nowMs,
    endMs,
    cells,
  }: { readonly nowMs: number; readonly endMs: number; readonly cells: number },
): string {
  const cellMs = endMs / cells
  const now = Math.min(cells - 1, Math.floor(nowMs / cellMs))
  return Array.from({ length: cells }, (_, i) => {
    const [from, to] = [i * cellMs, (i + 1) * cellMs]
    const isThere = spans.some(([a, b]) => a < to && Math.max(b, a + 1) > from)
    if (i === now) return isThere ? '◆' : '◇'
    if (!isThere) return i < now ? '─' : '┄'
    return i < now ? '█' : '▒'
  }).join('')
}
