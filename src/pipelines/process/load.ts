// Where the load enters somebody else's process: a call, an object, a message; and what it says of itself, polled.
import { compileDistribution } from '../../base/distribution.ts'
import { fill, fillJson, type Known } from '../../base/template.ts'
import {
  CallError,
  type EntryRequest,
  type Host,
  type HttpEntry,
  type Item,
  type Json,
} from '../../worlds/world.ts'
import { celeryMessage } from './celery.ts'
import { copiesOf } from './names.ts'
import type { Bytes, Offer } from './offer.ts'
import type { Options } from './options.ts'
import { keepPolling } from './poll.ts'
import { traceparentOf } from './traceparent.ts'

export function load(host: Host, options: Options): void {
  host.intake((item) => offerTo(host, item, options), entryOf(host, options))
  for (const [name, poll] of Object.entries(options.reports)) void keepPolling(host, name, poll)
}

function entryOf(host: Host, { offer, values, processes }: Options): HttpEntry | undefined {
  if (offer.kind !== 'http') return undefined
  return {
    to: copiesIn(processes, offer),
    route: offer.route,
    request({ id }) {
      const traceparent = traceparentOf(host.random, id)
      return requestOf(offer, knownOf(host, id, values, traceparent), traceparent)
    },
  }
}

async function offerTo(host: Host, { id, index }: Item, options: Options): Promise<void> {
  const { offer, values, processes } = options
  const traceparent = traceparentOf(host.random, id)
  const known = knownOf(host, id, values, traceparent)
  try {
    await enter(host, offer, { id, known, traceparent, to: copyOf(processes, offer, index) })
  } catch (error) {
    // How a call failed is on the wire, and judged there.
    if (!(error instanceof CallError)) throw error
  }
}

/** What the templates of an offer may name. */
function knownOf(host: Host, id: string, values: Options['values'], traceparent: string): Known {
  return (name) => {
    if (name === 'item') return id
    if (name === 'traceparent') return traceparent
    const drawn = name.startsWith('values.') ? values[name.slice(7)] : undefined
    if (drawn === undefined) return undefined
    const at = host.random.at('value', name, id)
    if (Array.isArray(drawn)) return drawn[Math.floor(at * drawn.length)]
    return drawn.min + Math.floor(at * (drawn.max - drawn.min + 1))
  }
}

/** What all copies are called takes them in turn. */
function copyOf(processes: Options['processes'], offer: Offer, index: number): string {
  if (offer.kind !== 'http') return ''
  const copies = copiesIn(processes, offer)
  return copies[index % copies.length] ?? offer.to
}

function copiesIn(processes: Options['processes'], { to }: InHttp): string[] {
  return copiesOf(to, processes[to]?.copies ?? 1)
}

interface Entering {
  /** Of a call: who is called. */
  readonly to: string
  readonly id: string
  readonly known: Known
  readonly traceparent: string
}

async function enter(host: Host, offer: Offer, entering: Entering): Promise<void> {
  const { to, id, known, traceparent } = entering
  switch (offer.kind) {
    case 'http': {
      const request = requestOf(offer, known, traceparent)
      const reply = await host.http.call(to, offer.route, request)
      await reply.body()
      return
    }
    case 'objects': {
      const bytes = sizeOf(offer.bytes, host.random.at('bytes', id))
      await host.objects.put(fill(offer.key, known), bytes, { totalMs: offer.timeout })
      return
    }
    case 'none':
      return
    default:
      await host.sharedRedis().send(messageOf(offer, entering), {
        key: id,
        timeoutMs: offer.timeout,
      })
  }
}

function requestOf(offer: InHttp, known: Known, traceparent: string): EntryRequest {
  return {
    params: filled(offer.params, known),
    headers: { traceparent, ...lowered(filled(offer.headers, known)) },
    body: offer.body === undefined ? null : (fillJson(offer.body, known) as Json),
    timeouts: { totalMs: offer.timeout },
    text: true,
  }
}

type InHttp = Extract<Offer, { kind: 'http' }>
type InRedis = Extract<Offer, { kind: 'redis' | 'celery' | 'bullmq' }>
type Message = Parameters<ReturnType<Host['sharedRedis']>['send']>[0]

function messageOf(offer: InRedis, { known, traceparent }: Entering): Message {
  switch (offer.kind) {
    case 'celery':
      return {
        to: 'list',
        name: offer.queue,
        text: celeryMessage(offer, known, traceparent),
        end: 'left',
      }
    case 'bullmq': {
      const { queue: name, prefix, name: job, attempts } = offer
      const data = traced(fillJson(offer.data, known), traceparent) as Json
      return { to: 'bullmq', name, prefix, job, attempts, data, traceparent }
    }
    case 'redis': {
      const message = traced(fillJson(offer.message, known), traceparent)
      if (offer.stream !== undefined)
        return { to: 'stream', name: offer.stream, fields: textsOf(message) }
      const text = textOf(message)
      return { to: 'list', name: offer.list ?? '', text, end: offer.push }
    }
  }
}

/** An object says of which trace it is, unless it does already. */
function traced(value: unknown, traceparent: string): unknown {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord ? { traceparent, ...value } : value
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(value as object).map(([name, field]) => [name, textOf(field)]),
  )
}

function filled(texts: Readonly<Record<string, string>>, known: Known): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).map(([name, value]) => [name, fill(value, known)]),
  )
}

function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  )
}

/** `at`: uniform in [0, 1). */
function sizeOf(bytes: Bytes, at: number): number {
  if (typeof bytes === 'number') return bytes
  if ('min' in bytes) return bytes.min + Math.floor(at * (bytes.max - bytes.min + 1))
  return Math.max(1, Math.round(compileDistribution({ dist: 'lognormal', ...bytes }).sample(at)))
}
