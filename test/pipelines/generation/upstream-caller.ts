// A worker on real sockets whose upstreams are names that nock answers for: what it makes of what they say.
import { once } from 'node:events'
import net from 'node:net'
import * as minio from 'minio'
import nock from 'nock'
import * as undici from 'undici'
import { must } from '../../../src/base/assert.ts'
import { generation } from '../../../src/pipelines/generation/index.ts'
import { tryOnce, type Upstream } from '../../../src/pipelines/generation/upstreams.ts'
import { resign } from '../../../src/worlds/real/resign.ts'
import { Routes } from '../../../src/worlds/real/routes.ts'
import { Site } from '../../../src/worlds/real/site.ts'
import { CALL_HEADER, CallStages } from '../../../src/worlds/real/stages.ts'
import { RealTime } from '../../../src/worlds/real/time.ts'
import type { CallOptions, Host } from '../../../src/worlds/world.ts'

const NOWHERE = 'http://127.0.0.1:9'
const STORE = { endpoint: NOWHERE, accessKey: '', secretKey: '', bucket: '', region: 'us-east-1' }

export function addressOf(upstream: string): string {
  return `http://${upstream}.test`
}

/** How a call ended: its class, `final` where no other try is made, and how long the upstream asks to wait. */
export class UpstreamCaller implements AsyncDisposable {
  /** Nobody answers: of a socket that says nothing nock knows none. */
  isSilent = false
  readonly #silence: net.Server
  readonly #time = new RealTime(1, 0)
  readonly #stages = new CallStages()
  #site: Site | undefined
  #host: Host | undefined

  private constructor() {
    this.#silence = net.createServer((socket) => socket.on('data', (head) => this.#taken(head)))
  }

  static async start(): Promise<UpstreamCaller> {
    const caller = new UpstreamCaller()
    await once(caller.#silence.listen(0, '127.0.0.1'), 'listening')
    await caller.#begin()
    return caller
  }

  /** As an interposer tells it: the call is connected. */
  #taken(head: Buffer): void {
    const [, slot = '-1'] =
      new RegExp(`${CALL_HEADER}: (\\d+)`, 'i').exec(head.toString('latin1')) ?? []
    this.#stages.connected(Number(slot), this.#time.nowMs)
  }

  #addressOf(to: string): string {
    if (!this.isSilent) return addressOf(to)
    return `http://127.0.0.1:${(this.#silence.address() as net.AddressInfo).port}`
  }

  async #begin(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<Host>()
    const site = new Site({
      seed: 1,
      calling: { time: this.#time, tell: () => {}, stages: this.#stages, slotOffset: 0 },
      routes: new Routes(generation.routes),
      itemOf: generation.itemOf,
      store: STORE,
      undici,
      minio,
      resign,
      addressOf: (_from, to) => this.#addressOf(to),
      signerOf: () => undefined,
      onListening: () => {},
      onTrouble: reject,
    })
    site.addHost('worker-1', resolve)
    await site.prepare()
    site.start()
    nock.disableNetConnect()
    nock.enableNetConnect('127.0.0.1')
    this.#site = site
    this.#host = await promise
  }

  async said<T>(upstream: Upstream<T>, options: CallOptions = {}): Promise<string> {
    const host = must(this.#host, 'it was started')
    const tried = await tryOnce(host, upstream, { timeouts: { totalMs: 5_000 }, ...options })
    if (tried.ok) return `ok ${JSON.stringify(tried.value)}`
    const { why, isFinal, retryAfterMs } = tried
    const after = retryAfterMs === undefined ? '' : `, after ${retryAfterMs} ms`
    return `${why}${isFinal ? ', final' : ''}${after}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    nock.cleanAll()
    nock.enableNetConnect()
    nock.restore()
    await this.#site?.[Symbol.asyncDispose]()
    this.#silence.close()
  }
}
