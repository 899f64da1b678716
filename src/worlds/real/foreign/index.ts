// The hosts of a run that are somebody else's processes: started together, and gripped by faults like any other.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import picomatch from 'picomatch'
import { must } from '../../../base/assert.ts'
import type { ForeignProcess } from '../../foreign.ts'
import { PROXY_NAME } from '../../foreign.ts'
import { type Hands, STORE_NAME } from '../../world.ts'
import type { Tell } from '../fact.ts'
import { freePort } from '../free-port.ts'
import type { StoreFor } from '../protocol.ts'
import { findFaketime } from '../skew/faketime.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import type { RealTime } from '../time.ts'
import type { PartsFor } from '../used-parts.ts'
import { partAddresses } from './part-addresses.ts'
import { type Keeping, ProcessHost } from './process-host.ts'

/** What a process wrote, standard output and error in one. */
export interface Output {
  readonly host: string
  readonly file: string
  /** How it ended, where it did so by itself. */
  readonly ended?: string
}

export interface ForeignSetup {
  readonly hosts: readonly { readonly name: string; readonly foreign?: ForeignProcess }[]
  readonly keeping: Keeping | undefined
  readonly store: StoreFor
  readonly time: RealTime
  readonly tell: Tell
  readonly itemOf: (key: string) => number
  /** Of these the clock will be skewed. */
  readonly skewed: readonly string[]
  /** How many dates of a host were seen to be off. */
  readonly wrongDates: (host: string) => number
  /** PEM, where processes are started: what they have to trust. */
  readonly authority: string | undefined
  /** Where one host reaches another, or the store: its own listener before it. */
  readonly addressOf: (from: string, to: string) => string | undefined
  /** Beside the store, where they are used, and the port of a host's own proxy before one. */
  readonly parts: PartsFor
  readonly portOf: (from: string, part: string) => number
  /** Of this machine, as processes are told it. */
  readonly name: string
  readonly onListening: (host: string, url: string) => void
  readonly signal?: AbortSignal | undefined
}

export class ForeignHosts implements AsyncDisposable {
  readonly #hosts: ReadonlyMap<string, ProcessHost>
  readonly #wrongDates: ForeignSetup['wrongDates']
  readonly #owned: AsyncDisposable

  private constructor(
    hosts: readonly ProcessHost[],
    wrongDates: ForeignSetup['wrongDates'],
    owned: AsyncDisposable,
  ) {
    this.#owned = owned
    this.#wrongDates = wrongDates
    this.#hosts = new Map(hosts.map((host) => [host.name, host]))
  }

  /** All are ready when it resolves; where it rejects none is left. */
  static async start(setup: ForeignSetup): Promise<ForeignHosts> {
    await using stack = new AsyncDisposableStack()
    const hosts: ProcessHost[] = []
    const caFile = writtenAuthority(setup, stack)
    for (const { name, foreign: spec } of setup.hosts) {
      if (spec === undefined) continue
      const keeping = must(setup.keeping, 'who runs processes says where they are kept')
      const port = await freePort()
      const addresses = { ...addressesFor(name, port, setup), 'ca.file': caFile }
      const faketime = setup.skewed.includes(name) ? findFaketime(keeping.environment) : undefined
      const of = { ...setup, ...keeping, name, spec, port, addresses, faketime }
      hosts.push(stack.use(new ProcessHost(of)))
      setup.onListening(name, spec.attach?.replace(/\/$/, '') ?? `http://127.0.0.1:${port}`)
    }
    await Promise.all(hosts.map((host) => host.start()))
    return new ForeignHosts(hosts, setup.wrongDates, stack.move())
  }

  has(name: string): boolean {
    return this.#hosts.has(name)
  }

  hosts(glob: string): readonly string[] {
    const matches = picomatch(glob)
    return [...this.#hosts.keys()].filter((name) => matches(name))
  }

  host(name: string): ReturnType<Hands['host']> {
    const host = must(this.#hosts.get(name), 'it is one of ours')
    return {
      alive: () => host.isAlive,
      jobs: () => 0,
      running: () => host.isAlive && host.pauses === 0,
      crash: () => {
        host.crash()
        return undefined
      },
      start: () => host.revive(),
      pause: () => host.pause(),
      resume: () => host.resume(),
    }
  }

  /** What it reads is not seen: what counts are the dates that it sends. */
  clock(name: string): ReturnType<Hands['clock']> {
    const host = must(this.#hosts.get(name), 'it is one of ours')
    return { skew: (ms) => host.skew(ms), wrongReads: () => this.#wrongDates(name) }
  }

  /** Where the output of each is kept, and how those ended that did by themselves. */
  outputs(): readonly Output[] {
    return [...this.#hosts.values()]
      .filter(({ isStarted }) => isStarted)
      .map(({ name, logFile, endedBy }) => ({
        host: name,
        file: logFile,
        ...(endedBy === undefined ? {} : { ended: endedBy }),
      }))
  }

  /** Reads what they have written until now. */
  look(): void {
    for (const host of this.#hosts.values()) host.look()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host[Symbol.asyncDispose]()))
    await this.#owned[Symbol.asyncDispose]()
  }
}

/** What the templates of one process may name. */
function addressesFor(name: string, port: number, setup: ForeignSetup): Record<string, string> {
  const { store, hosts, addressOf } = setup
  const others = hosts.flatMap((host) => {
    const url = addressOf(name, host.name)
    const family = host.foreign === undefined ? 'upstreams' : 'processes'
    return url === undefined ? [] : [[`${family}.${host.name}.url`, url] as const]
  })
  const proxy = addressOf(name, PROXY_NAME) ?? ''
  const endpoint = addressOf(name, STORE_NAME) ?? store.endpoint
  return {
    port: String(port),
    name,
    'proxy.url': proxy,
    'proxy.host': URL.parse(proxy)?.hostname ?? '',
    'proxy.port': URL.parse(proxy)?.port ?? '',
    'objects.endpoint': endpoint,
    'objects.host': new URL(endpoint).host,
    'objects.accessKey': store.accessKey,
    'objects.secretKey': store.secretKey,
    'objects.bucket': store.bucket,
    'objects.region': store.region,
    ...partAddresses(setup.parts, (part) => setup.portOf(name, part), setup.name),
    ...Object.fromEntries(others),
  }
}

/** Where what processes have to trust stands while they run. */
function writtenAuthority(
  { authority, keeping }: ForeignSetup,
  owned: AsyncDisposableStack,
): string {
  if (authority === undefined || keeping === undefined) return ''
  const file = join(owned.use(temporaryFolder('authority', keeping.journal)).path, 'ca.pem')
  writeFileSync(file, authority)
  return file
}
