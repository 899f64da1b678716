// The TCP proxies before Redis and the database, one for each host that uses them, and what faults do to them.
import { NOTHING_GONE, type PartGrip } from '../../world.ts'
import type { Exposure } from '../exposure.ts'
import type { RealTime } from '../time.ts'
import { TcpProxy, type TcpTarget } from './tcp.ts'

/** How Redis begins what it answers when its memory is full. */
const OUT_OF_MEMORY = '-OOM '

interface PartLink {
  readonly host: string
  readonly part: string
  readonly proxy: TcpProxy
  /** Its host tells nothing of its commands: what befalls them is counted here. */
  readonly isWitnessed: boolean
}

export interface PartAddress {
  readonly from: string
  readonly to: string
  readonly port: number
}

export class PartLinks implements AsyncDisposable {
  readonly #time: RealTime
  readonly #onTrouble: (error: unknown) => void
  readonly #links: PartLink[] = []
  readonly #frozen = new Map<string, number>()
  /** Of each part, what slows it down, in milliseconds of the world, and what holds it down. */
  readonly #slows = new Map<string, { readonly ms: number }[]>()
  readonly #downs = new Map<string, number>()
  /** Ports are given up and taken again in order. */
  #doing: Promise<void> = Promise.resolve()

  constructor(time: RealTime, onTrouble: (error: unknown) => void) {
    this.#time = time
    this.#onTrouble = onTrouble
  }

  async open(
    hosts: readonly string[],
    parts: Readonly<Record<string, TcpTarget>>,
    witnessed: readonly string[],
    exposure: Exposure,
  ): Promise<PartAddress[]> {
    const opened: PartAddress[] = []
    for (const [part, target] of Object.entries(parts))
      for (const host of hosts) {
        // No jitter is ever asked for.
        const proxy = new TcpProxy(target, () => 0.5, exposure, exposure.ports[`${host} ${part}`])
        this.#links.push({ host, part, proxy, isWitnessed: witnessed.includes(host) })
        opened.push({ from: host, to: part, port: await proxy.listen() })
      }
    return opened
  }

  /** A host that stands still neither sends nor reads. */
  freeze(host: string, isFrozen: boolean): void {
    this.#frozen.set(host, (this.#frozen.get(host) ?? 0) + (isFrozen ? 1 : -1))
    for (const link of this.#links) if (link.host === host) this.#apply(link)
  }

  /** Of the connections; what is done to the server is done elsewhere. */
  grip(part: string): PartGrip {
    const links = this.#links.filter((link) => link.part === part)
    const seen = links.filter(({ isWitnessed }) => isWitnessed).map(({ proxy }) => proxy)
    return {
      stop: () => {
        const cut = seen.reduce((sum, proxy) => sum + proxy.open, 0)
        this.#down(part, links, 1)
        return {
          gone: () => NOTHING_GONE,
          kept: () => 0,
          refused: () => cut,
          [Symbol.dispose]: () => this.#down(part, links, -1),
        }
      },
      slow: (ms) => {
        const own = { ms }
        const set = (slows: readonly { readonly ms: number }[]) => {
          this.#slows.set(part, [...slows])
          for (const link of links) this.#apply(link)
        }
        const shaped = () => seen.reduce((sum, proxy) => sum + proxy.shaped, 0)
        const before = shaped()
        set([...(this.#slows.get(part) ?? []), own])
        return {
          slowed: () => shaped() - before,
          [Symbol.dispose]: () => set((this.#slows.get(part) ?? []).filter((one) => one !== own)),
        }
      },
      fill: () => {
        let refused = 0
        const watches = seen.map((proxy) =>
          proxy.watch((chunk) => {
            refused += chunk.toString('latin1').split(OUT_OF_MEMORY).length - 1
          }),
        )
        return {
          refused: () => refused,
          [Symbol.dispose]: () => {
            for (const watch of watches) watch[Symbol.dispose]()
          },
        }
      },
      flush: () => {},
    }
  }

  #down(part: string, links: readonly PartLink[], by: 1 | -1): void {
    const before = this.#downs.get(part) ?? 0
    this.#downs.set(part, before + by)
    if (before + by === 1 && by === 1)
      this.#do(async () => {
        await Promise.all(links.map(({ proxy }) => proxy.refuse()))
        for (const { proxy } of links) proxy.reset()
      })
    if (before + by === 0)
      this.#do(async () => {
        await Promise.all(links.map(({ proxy }) => proxy.listen()))
      })
  }

  #do(what: () => Promise<void>): void {
    this.#doing = this.#doing.then(what).catch(this.#onTrouble)
  }

  /** Half of what slows the part on the way there, half on the way back. */
  #apply({ host, part, proxy }: PartLink): void {
    const ms = (this.#slows.get(part) ?? []).reduce((sum, slow) => sum + slow.ms, 0)
    proxy.set({
      latencyMs: this.#time.wall(ms) / 2,
      halfOpen: (this.#frozen.get(host) ?? 0) > 0,
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#doing
    await Promise.all(this.#links.map(({ proxy }) => proxy[Symbol.asyncDispose]()))
  }
}
