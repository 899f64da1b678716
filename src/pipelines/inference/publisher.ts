// Publishes detections to the alert sink. One that it does not take is only logged, unless it may wait in the outbox.
import { CallError, type Counter, type Gauge, type Host, type Json } from '../../worlds/world.ts'
import type { Options } from './options.ts'

const TIMEOUTS = { totalMs: 10_000 }
/** How long the outbox waits after a publication that failed. */
const OUTBOX_RETRY_MS = 5_000

export class Publisher {
  readonly #host: Host
  readonly #options: Options['publish']
  readonly #lost: Counter
  readonly #waiting: Gauge
  /** In memory: a restart loses it. */
  readonly #outbox: Json[] = []
  #wake: (() => void) | undefined

  constructor(host: Host, options: Options['publish']) {
    this.#host = host
    this.#options = options
    this.#lost = host.counter('alerts_lost')
    this.#waiting = host.gauge('alerts_waiting')
    this.#waiting.set(0)
  }

  async publish(key: string, detections: number): Promise<void> {
    const alert = { image_path: key, detections }
    for (let attempt = 1; !(await this.#isTaken(alert)); attempt++) {
      if (attempt < this.#options.attempts) await this.#host.clock.sleep(this.#options.spacing)
      else return this.#giveUp(key, alert)
    }
  }

  #giveUp(key: string, alert: Json): void {
    this.#host.log('publish failed', key)
    if (!this.#options.outbox) this.#lost.add()
    else {
      this.#waiting.set(this.#outbox.push(alert))
      this.#wake?.()
    }
  }

  /** Sends what waits in the outbox, oldest first, for as long as it is taken. */
  async sendForever(): Promise<never> {
    for (;;) {
      const [alert] = this.#outbox
      if (alert === undefined)
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
      else if (await this.#isTaken(alert)) {
        this.#outbox.shift()
        this.#waiting.set(this.#outbox.length)
      } else await this.#host.clock.sleep(OUTBOX_RETRY_MS)
    }
  }

  async #isTaken(body: Json): Promise<boolean> {
    try {
      const reply = await this.#host.http.call('sink', 'publish', { body, timeouts: TIMEOUTS })
      return reply.status < 400
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      return false
    }
  }
}
