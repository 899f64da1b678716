// Tells of a call whose caller is somebody else's process: what our own hosts tell of theirs, seen from its link.

import { codeIn } from '../../error-code.ts'
import type { Json } from '../../world.ts'
import { STORE_NAME } from '../../world.ts'
import { resultOf, skewIn, storeError } from '../endings.ts'
import type { Tell } from '../fact.ts'
import type { RealTime } from '../time.ts'
import type { Head } from './far-side.ts'
import { headerIn } from './message.ts'
import type { WireCall } from './wire-call.ts'

/** Of an answer no more is kept to be judged. */
const MOST_BYTES = 1 << 20

export class Witness {
  readonly #call: WireCall
  readonly #tell: Tell
  readonly #time: RealTime
  readonly #startUs: number
  readonly #sinceMs = performance.now()
  readonly #chunks: Buffer[] = []
  #size = 0
  #answeredUs: number | undefined
  #class: 'refused' | 'reset' | undefined

  constructor(call: WireCall, { tell, time }: { readonly tell: Tell; readonly time: RealTime }) {
    this.#call = call
    this.#tell = tell
    this.#time = time
    this.#startUs = time.nowUs
    const { item, route, to } = call
    tell({ fact: 'start', atUs: this.#startUs, item, route, to })
    call.response.once('close', () => this.#conclude())
  }

  /** Before it goes to the caller. Its own date beside the store's shows a clock that is off. */
  seesHead({ headers }: Head): void {
    this.#answeredUs = this.#time.nowUs
    const { request, from, to } = this.#call
    const signed = request.headers['x-amz-date']
    if (to !== STORE_NAME || typeof signed !== 'string') return
    const ms = skewIn(signed, headerIn(headers, 'date'), performance.now() - this.#sinceMs)
    if (ms !== 0) this.#tell({ fact: 'skew', atUs: this.#time.nowUs, host: from, ms })
  }

  /** Before it goes to the caller. */
  hears(chunk: Buffer): void {
    this.#answeredUs ??= this.#time.nowUs
    if (this.#size < MOST_BYTES) this.#chunks.push(chunk)
    this.#size += chunk.length
  }

  failed(klass: 'refused' | 'reset'): void {
    this.#class = klass
  }

  #conclude(): void {
    const { from, to, route, item, key, response, askedMs } = this.#call
    const atUs = this.#time.nowUs
    const isWhole = response.writableFinished
    const [result, body] = isWhole
      ? this.#answer(response.statusCode)
      : [{ class: this.#class ?? 'aborted' }, null]
    this.#tell({
      fact: 'call',
      atUs,
      startUs: this.#startUs,
      ...(this.#answeredUs === undefined ? {} : { answeredUs: this.#answeredUs }),
      ownMs: isWhole ? (atUs - this.#startUs) / 1_000 - askedMs : Number.NaN,
      from,
      to,
      route,
      stage: route,
      item,
      key,
      ...result,
      body,
    })
  }

  #answer(status: number): [ReturnType<typeof resultOf>, Json] {
    const text = Buffer.concat(this.#chunks).toString('utf8')
    if (this.#call.to === STORE_NAME) {
      const said = status < 400 ? {} : storeError(text)
      return [resultOf(status, said), status < 400 ? null : { code: said.code ?? null }]
    }
    // What is no JSON is its own business: only rules that look into it see nothing there.
    const body = jsonOrNull(text)
    return [resultOf(status, { code: codeIn(body) }), body]
  }
}

function jsonOrNull(text: string): Json {
  // What fails to parse costs more than all the rest of a call.
  if (!/^\s*[[{"\d\-tfn]/.test(text)) return null
  try {
    return JSON.parse(text) as Json
  } catch {
    return null
  }
}
