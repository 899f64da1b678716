// What a process says of itself, asked for again and again: a field of a JSON answer, or a sample of Prometheus' text.
import { valueAt } from '../../base/template.ts'
import { Ticker } from '../../worlds/ticker.ts'
import { CallError, type Host, type Json } from '../../worlds/world.ts'
import type { Poll } from './options.ts'

export async function keepPolling(host: Host, name: string, poll: Poll): Promise<void> {
  const { of, route, every } = poll
  const ticker = new Ticker(host.clock, every)
  for (;;) {
    await ticker.next()
    try {
      const reply = await host.http.call(of, route, { timeouts: { totalMs: every }, text: true })
      const value = read(await reply.body(), poll)
      if (typeof value === 'number') host.report.set(name, value)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      ticker.restart()
    }
  }
}

function read(body: Json, { field, metric }: Poll): unknown {
  if (metric !== undefined) return typeof body === 'string' ? sampleIn(body, metric) : undefined
  return valueAt(body, (field ?? '').split('.'))
}

/**
 * `tasks_total`, `tasks_total{state="done"}`: the sum of all samples of that name whose labels hold those that are
 * asked for; undefined where there is none.
 */
export function sampleIn(text: string, metric: string): number | undefined {
  const [, wanted = '', labels = ''] = /^([^{]+)(?:\{(.*)\})?$/.exec(metric) ?? []
  const asked = labelsIn(labels)
  let sum: number | undefined
  for (const line of text.split('\n')) {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)/.exec(line)
    if (found?.[1] !== wanted) continue
    const has = labelsIn(found[2] ?? '')
    if ([...asked].some(([name, value]) => has.get(name) !== value)) continue
    const value = Number(found[3])
    if (!Number.isNaN(value)) sum = (sum ?? 0) + value
  }
  return sum
}

function labelsIn(text: string): ReadonlyMap<string, string> {
  return new Map(
    [...text.matchAll(/([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g)].map(
      ([, name = '', value = '']) => [name, value],
    ),
  )
}
