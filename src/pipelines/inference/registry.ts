// The registry of algorithm services: who has registered, who still beats, and whose turn it is.
import type { Host } from '../../worlds/world.ts'
import type { Options } from './options.ts'

export interface Service {
  readonly id: string
  readonly host: string
  readonly endpoint: string
  lastBeatSeconds: number
  weight: number
}

const RESPONSES_KEPT = 10
/** The weight of a service that has not answered yet. */
const UNKNOWN_WEIGHT = 10

export class Registry {
  readonly #host: Host
  readonly #timeoutSeconds: number
  readonly #gauge
  readonly #services = new Map<string, Service>()
  /** Response times outlive a service's registration. */
  readonly #responses = new Map<string, number[]>()
  #list: readonly Service[] = []
  #totalWeight = 0
  #turn = 0
  #arrival: (() => void)[] = []

  constructor(host: Host, heartbeat: Options['heartbeat']) {
    this.#host = host
    this.#timeoutSeconds = heartbeat.timeout / 1_000
    this.#gauge = host.gauge('services_registered')
    this.#gauge.set(0)
  }

  get size(): number {
    return this.#services.size
  }

  names(): string[] {
    return [...this.#services.values()].map((service) => service.id)
  }

  register(id: string, host: string, endpoint: string): void {
    this.#services.set(endpoint, {
      id,
      host,
      endpoint,
      lastBeatSeconds: this.#seconds(),
      weight: weightOf(this.#responses.get(endpoint)),
    })
    this.#changed()
    const waiting = this.#arrival
    this.#arrival = []
    for (const resolve of waiting) resolve()
  }

  /** False for an id that is not registered. */
  beat(id: string): boolean {
    let known = false
    for (const service of this.#services.values()) {
      if (service.id !== id) continue
      service.lastBeatSeconds = this.#seconds()
      known = true
    }
    return known
  }

  unregister(id: string): void {
    for (const service of [...this.#services.values()])
      if (service.id === id) this.#services.delete(service.endpoint)
    this.#changed()
  }

  /** Removes what has been silent for the timeout or longer, by the wall clock in whole seconds. */
  sweep(): void {
    const now = this.#seconds()
    for (const service of [...this.#services.values()]) {
      if (now - service.lastBeatSeconds < this.#timeoutSeconds) continue
      this.#services.delete(service.endpoint)
      this.#host.log('algorithm service unregistered: heartbeat timeout')
    }
    this.#changed()
  }

  arrival(): Promise<void> {
    return new Promise((resolve) => this.#arrival.push(resolve))
  }

  /** Walks the services in blocks as long as their weights, not smoothly. Failures change nothing. */
  choose(): Service | undefined {
    if (this.#totalWeight === 0) return undefined
    let at = this.#turn++ % this.#totalWeight
    for (const service of this.#list) {
      if (at < service.weight) return service
      at -= service.weight
    }
    return undefined
  }

  /** Notes a success's response time: faster services get longer blocks. */
  responded(service: Service, ms: number): void {
    let times = this.#responses.get(service.endpoint)
    if (times === undefined) {
      times = []
      this.#responses.set(service.endpoint, times)
    }
    times.push(ms)
    if (times.length > RESPONSES_KEPT) times.shift()
    const known = this.#services.get(service.endpoint)
    if (known === undefined) return
    const weight = weightOf(times)
    this.#totalWeight += weight - known.weight
    known.weight = weight
  }

  #changed(): void {
    this.#list = [...this.#services.values()]
    this.#totalWeight = this.#list.reduce((sum, service) => sum + service.weight, 0)
    this.#gauge.set(this.#services.size)
  }

  #seconds(): number {
    return Math.floor(this.#host.clock.now() / 1_000)
  }
}

function weightOf(times: readonly number[] | undefined): number {
  if (times === undefined || times.length === 0) return UNKNOWN_WEIGHT
  let sum = 0
  for (const ms of times) sum += ms
  return Math.min(100, Math.max(1, Math.floor((1_000 * times.length) / sum)))
}
