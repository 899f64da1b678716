// Requests of a saturating load on their way to the books: each is an item, and a call like any other.
import { must } from '../../base/assert.ts'
import type { Ledger } from '../../metrics/ledger.ts'
import { LOOK_AGAIN_MS, type Saturation } from '../saturation.ts'
import type { HttpEntry, Item } from '../world.ts'
import type { About, Calling } from './calls.ts'
import { answered, classOf, Ending, saysJson } from './endings.ts'
import { ownMsOf } from './own-latency.ts'
import type { Routes } from './routes.ts'
import { type Answered, type Asking, type Failure, saturate } from './saturate.ts'
import { ASKED_HEADER, CALL_HEADER } from './stages.ts'

export interface AskedSetup {
  readonly calling: Calling
  readonly ledger: Ledger
  readonly routes: Routes
  readonly itemOf: (key: string) => number
  /** As the entry host declared it; undefined while it has never been up. */
  readonly entryOf: (host: string) => HttpEntry | undefined
  /** Where a host reaches another. */
  readonly addressOf: (from: string, to: string) => string | undefined
}

/** The connections of a run, which are the load's own: no fault on the entry host's process ends them. */
export class AskedCalls implements Disposable {
  readonly #setup: AskedSetup
  #connections: Disposable | undefined

  constructor(setup: AskedSetup) {
    this.#setup = setup
  }

  /** `from`: the entry host: faults on its calls act on these. */
  start(from: string, load: Saturation): void {
    const { entryOf, addressOf, calling } = this.#setup
    const entry = entryOf(from)
    if (entry === undefined) {
      const { time } = calling
      this.#connections = time.schedule(time.nowMs + LOOK_AGAIN_MS, () => this.start(from, load))
      return
    }
    const { to } = entry
    const hosts = Array.from({ length: load.connections }, (_, i) => to[i % to.length] ?? '')
    this.#connections = saturate({
      urls: hosts.map((host) => new URL(must(addressOf(from, host), 'the entry calls there'))),
      next: (connection, again) => {
        const item = load.next(again)
        if (item === undefined) return undefined
        return askingFor(item, { from, to: hosts[connection] ?? '' }, entry, this.#setup)
      },
    })
  }

  /** What is not answered by then stays open. */
  [Symbol.dispose](): void {
    this.#connections?.[Symbol.dispose]()
  }
}

/** Offers the item: its request leaves now. */
function askingFor(
  item: Item,
  link: Pick<About, 'from' | 'to'>,
  entry: HttpEntry,
  { calling, ledger, routes, itemOf }: AskedSetup,
): Asking {
  const { time, stages, tell, slotOffset } = calling
  const { route } = entry
  const request = entry.request(item)
  const { params = {}, headers = {}, body = null, timeouts } = request
  const startUs = time.nowUs
  ledger.offer(item.index, Math.round(item.intendedMs * 1_000), startUs)
  const key = routes.keyOf(route, params, body, headers)
  const about: About = { ...link, route, item: key === '' ? -1 : itemOf(key), key }
  tell({ fact: 'start', atUs: startUs, to: link.to, item: about.item, route })
  const slot = stages.take(slotOffset)
  const text = body === null ? undefined : JSON.stringify(body)
  return {
    method: routes.spec(route)?.method ?? 'GET',
    path: routes.path(route, params),
    headers: {
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
      [CALL_HEADER]: String(slot),
    },
    body: text,
    timeoutMs: timeouts.totalMs / time.speed,
    ended(how) {
      const atUs = time.nowUs
      const askedMs = 'failed' in how ? Number.NaN : Number(how.headers[ASKED_HEADER])
      const ownMs = ownMsOf(atUs, startUs, askedMs)
      const end =
        'failed' in how
          ? { class: classOf(errorOf(how.failed), stages, slot), body: null }
          : endOf(how, request.text === true)
      tell({ fact: 'call', atUs, startUs, ownMs, ...about, stage: route, ...end })
    },
  }
}

function endOf({ status, body: text, headers }: Answered, mayBeText: boolean) {
  const isText = mayBeText && !saysJson(headers['content-type'])
  const { result, body } = answered(status, text, isText)
  return { ...result, body }
}

/** What a client that waits for its answer would have seen. */
function errorOf(failed: Failure): Error {
  if (failed === 'timeout') return new Ending('read-timeout')
  return Object.assign(new Error(failed), failed === 'refused' ? { code: 'ECONNREFUSED' } : {})
}
