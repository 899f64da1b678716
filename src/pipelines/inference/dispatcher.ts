// The dispatcher: pops an image, signs a URL for it, and has an algorithm service infer it.
import { CallError, type Host, type Json } from '../../worlds/world.ts'
import type { Options } from './options.ts'
import type { Publisher } from './publisher.ts'
import type { ImageQueue } from './queue.ts'
import type { Registry, Service } from './registry.ts'
import type { Statistics } from './statistics.ts'

const DELETE_TIMEOUTS = { totalMs: 10_000 }
const PRECHECK_TIMEOUTS = { totalMs: 2_000 }
const STAT_TIMEOUTS = { totalMs: 5_000 }

interface Inference {
  readonly success: boolean
  readonly result: { readonly total_count: number }
  readonly inference_time_ms: number
}

export class Dispatcher {
  readonly #host: Host
  readonly #options: Options
  readonly #queue: ImageQueue
  readonly #registry: Registry
  readonly #statistics: Statistics
  readonly #publisher: Publisher
  readonly #deleted: (key: string) => void
  /** Queued or in flight: what cleanup may be told to spare. */
  readonly #inUse = new Set<string>()
  readonly #part
  #inFlight = 0
  #slotFree: (() => void) | undefined

  constructor(
    host: Host,
    options: Options,
    queue: ImageQueue,
    registry: Registry,
    statistics: Statistics,
    publisher: Publisher,
    deleted: (key: string) => void,
  ) {
    this.#host = host
    this.#options = options
    this.#queue = queue
    this.#registry = registry
    this.#statistics = statistics
    this.#publisher = publisher
    this.#deleted = deleted
    this.#part = host.part('dispatcher', options.concurrency)
  }

  isInUse(key: string): boolean {
    return this.#inUse.has(key)
  }

  /** Queues a key; an image that has to give way is deleted. */
  enqueue(key: string): void {
    if (this.#options.protectQueued) this.#inUse.add(key)
    const dropped = this.#queue.push(key)
    if (dropped === undefined) return
    this.#statistics.dropped()
    this.#host.log('queue full: oldest image dropped', dropped.key)
    void this.#discard(dropped.key)
  }

  async dispatchForever(): Promise<never> {
    const { checks, concurrency, onNoService } = this.#options
    for (;;) {
      const popped = this.#queue.pop()
      const { key } = popped instanceof Promise ? await popped : popped
      if (checks === 'precheck+stat' && !(await this.#exists(key, PRECHECK_TIMEOUTS))) continue
      if (this.#inFlight >= concurrency)
        await new Promise<void>((resolve) => {
          this.#slotFree = resolve
        })
      while (onNoService === 'hold' && this.#registry.size === 0) await this.#registry.arrival()
      this.#inFlight++
      this.#part.busy(1)
      const service = this.#registry.choose()
      if (service === undefined) this.#giveUpOn(key)
      else void this.#process(service, key).then(() => this.#leave(key))
    }
  }

  #giveUpOn(key: string): void {
    this.#host.log('no algorithm for task type', key)
    this.#statistics.inferred(0)
    // One promise where a chain of three would do the same: in an outage every image passes here.
    void this.#remove(key).then(
      () => {
        this.#deleted(key)
        this.#leave(key)
      },
      (error) => {
        this.#notDeleted(key, error)
        this.#leave(key)
      },
    )
  }

  #leave(key: string): void {
    if (this.#options.protectQueued) this.#inUse.delete(key)
    this.#inFlight--
    this.#part.busy(-1)
    const free = this.#slotFree
    this.#slotFree = undefined
    free?.()
  }

  async #process(service: Service, key: string): Promise<void> {
    if (this.#options.checks !== 'none' && !(await this.#exists(key, STAT_TIMEOUTS))) return
    const answer = await this.#infer(service, key)
    if (answer === undefined) {
      this.#statistics.callFailed()
      return this.#discard(key)
    }
    this.#statistics.inferred(answer.inference_time_ms)
    this.#registry.responded(service, answer.inference_time_ms)
    const detections = answer.result.total_count
    if (detections > 0) await this.#publisher.publish(key, detections)
    if (detections === 0 || !this.#options.keepDetected) await this.#discard(key)
  }

  /** Any error counts as "not found": a timeout and a 503 too. The image is skipped and lands in no counter. */
  async #exists(key: string, timeouts: { totalMs: number }): Promise<boolean> {
    try {
      await this.#host.objects.head(key, timeouts)
      return true
    } catch (error) {
      if (!(error instanceof CallError)) throw error
      this.#inUse.delete(key)
      return false
    }
  }

  /** Undefined when every try failed, or one ended in a way that is not tried again. */
  async #infer(service: Service, key: string): Promise<Inference | undefined> {
    const { attempts, spacing, timeout, refetchOn404 } = this.#options.call
    let url = await this.#presign(key)
    let stale = false
    for (let attempt = 1; ; attempt++) {
      try {
        const reply = await this.#host.http.call(service.host, 'infer', {
          body: this.#request(url, key),
          timeouts: { totalMs: timeout },
        })
        if (this.#options.cancelBeforeBody) reply.cancel()
        const answer = await reply.body()
        if (reply.status < 400) return succeeded(answer)
        stale = refetchOn404 && JSON.stringify(answer).includes('404')
      } catch (error) {
        if (!(error instanceof CallError)) throw error
        if (error.class === 'aborted') {
          this.#host.log('context canceled', key)
          return undefined
        }
      }
      if (attempt >= attempts) return undefined
      await this.#host.clock.sleep(spacing[Math.min(attempt, spacing.length) - 1] ?? 0)
      if (stale) url = await this.#presign(key)
    }
  }

  #presign(key: string): Promise<string> {
    return this.#host.objects.presignGet(key, Math.floor(this.#options.presign.expiry / 1_000))
  }

  #request(url: string, key: string): Json {
    return {
      image_url: url,
      task_id: key,
      task_type: this.#options.taskType,
      image_path: key,
      algo_config: {},
      algo_config_url: '',
    }
  }

  #discard(key: string): Promise<void> {
    return this.#remove(key).then(
      () => this.#deleted(key),
      (error) => this.#notDeleted(key, error),
    )
  }

  #remove(key: string): Promise<void> {
    if (this.#options.protectQueued) this.#inUse.delete(key)
    return this.#host.objects.remove(key, DELETE_TIMEOUTS)
  }

  #notDeleted(key: string, error: unknown): void {
    if (!(error instanceof CallError)) throw error
    this.#host.log('delete failed', key)
  }
}

function succeeded(answer: Json): Inference | undefined {
  const inference = answer as unknown as Inference
  return inference.success ? inference : undefined
}
