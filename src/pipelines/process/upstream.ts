// An upstream that stands in for what a process calls: declared in the scenario, with a capacity as real ones have.
import { compileDistribution } from '../../base/distribution.ts'
import { hashText } from '../../base/random.ts'
import { fill, fillJson, type Known, valueAt } from '../../base/template.ts'
import { Ticker } from '../../worlds/ticker.ts'
import { type Answer, CallError, type Host, type Json, type Request } from '../../worlds/world.ts'
import type { AnswerOptions, Beat, Upstream } from './options.ts'

export function standIn(host: Host, options: Upstream): void {
  const { concurrency, backlog, quota } = options
  const isWithin = quota === undefined ? () => true : bucketOf(host, quota)
  for (const [route, answer] of Object.entries(options.routes))
    host.serve(
      route,
      (request) => (isWithin() ? respond(host, route, answer, request) : { status: 429 }),
      { concurrency, backlog },
    )
  // A promise that fails is the harness's own trouble: what a call can fail with is caught below.
  for (const beat of options.calls) void keepCalling(host, beat)
}

async function respond(
  host: Host,
  route: string,
  o: AnswerOptions,
  request: Request,
): Promise<Answer> {
  const key = hashText(`${route} ${JSON.stringify(request.body)} ${JSON.stringify(request.params)}`)
  const known: Known = (name) => {
    const [first = '', ...rest] = name.split('.')
    if (first === 'body') return valueAt(request.body, rest)
    return first === 'params' ? valueAt(request.params, rest) : undefined
  }
  const failure =
    o.fetch === undefined ? undefined : await whyNotFetched(host, fill(o.fetch, known))
  if (failure !== undefined) return { status: o.onError, body: { success: false, error: failure } }
  const ms = compileDistribution(o.time).sample(host.random.at('time', key))
  await host.work(route, ms * (1 + (o.atFullLoad - 1) * Math.min(1, request.load)))
  if (host.random.at('failure', key) < o.failures) return { status: o.failWith }
  return o.body === undefined
    ? { status: o.status }
    : { status: o.status, body: fillJson(o.body, known) as Json }
}

/** In place of a status. */
const NOT_ANSWERED = 0
const WORDS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  404: 'Not Found',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}

/** Undefined where it was. The words are those of Python's urllib: callers look for the status in such a text. */
async function whyNotFetched(host: Host, url: string): Promise<string | undefined> {
  try {
    const { status } = await host.http.fetch(url, { totalMs: 30_000 })
    return status < 400 ? undefined : `HTTP Error ${status}: ${WORDS[status] ?? 'Error'}`
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return `download failed: ${error.class}`
  }
}

/** A quota as providers count it: so many a second, and no more than a second's worth saved up. */
function bucketOf(host: Host, perSecond: number): () => boolean {
  let [tokens, sinceMs] = [Math.max(1, perSecond), host.clock.monotonic()]
  return () => {
    const nowMs = host.clock.monotonic()
    tokens = Math.min(Math.max(1, perSecond), tokens + ((nowMs - sinceMs) * perSecond) / 1_000)
    sinceMs = nowMs
    if (tokens < 1) return false
    tokens -= 1
    return true
  }
}

/** Registers, say, and beats from then on. */
async function keepCalling(host: Host, beat: Beat): Promise<void> {
  const { call, then = call, every, onUnknown, to } = beat
  const known: Known = (name) =>
    name === 'host' ? host.name : name === 'url' ? host.addressFor(to) : undefined
  const params = Object.fromEntries(
    Object.entries(beat.params).map(([name, value]) => [name, fill(value, known)]),
  )
  const body = beat.body === undefined ? null : (fillJson(beat.body, known) as Json)
  const ask = async (route: string): Promise<number> => {
    try {
      const timeouts = { totalMs: Math.min(every, 5_000) }
      return (await host.http.call(to, route, { params, body, timeouts, text: true })).status
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return NOT_ANSWERED
    }
  }
  const register = async () => {
    while ((await ask(call)) !== 200) await host.clock.sleep(Math.min(every, 5_000))
  }
  const ticker = new Ticker(host.clock, every, host.random.at('phase') * every)
  if (then !== call) await register()
  ticker.skip()
  for (;;) {
    await ticker.next()
    const status = await ask(then)
    if ((status === 400 || status === 404) && onUnknown === 'register') await register()
    if (status === NOT_ANSWERED) ticker.restart()
  }
}
