// Runs in the real world, one at a time: parts started once, a bucket of its own for every run.
import { AftershockError, ExitCode, messageOf } from '../base/errors.ts'
import { pipelineOf } from '../scenario/schema.ts'
import { beforeAbort } from '../worlds/real/before-abort.ts'
import { type Bucket, openBucket } from '../worlds/real/bucket.ts'
import type { Keeping } from '../worlds/real/foreign/process-host.ts'
import type { Hold } from '../worlds/real/remains.ts'
import type { Executor } from './executor.ts'
import type { Exposing } from './exposing.ts'
import { giveParts, type PartsUp } from './parts-up.ts'
import { really } from './really.ts'
import type { RunResult } from './result.ts'
import { type RunOrder, runOnce } from './run.ts'

/** A store that is up and answers. */
export interface StoreUp extends AsyncDisposable {
  /** Which provider and what of it, in words, with version or digest. */
  readonly describe: string
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  /** It ends with this command, and whatever is in it. */
  readonly isOurs: boolean
  /** Where it is not ours. */
  readonly hold?: Hold | undefined
  /** It cannot be left up: it is part of this process. */
  readonly endsWithUs: boolean
  /** Where processes that are not ours are kept. */
  readonly keeping?: Keeping | undefined
  /** What to report when it, or a part beside it, ended though nobody asked it to. */
  readonly exited: Promise<Error | undefined>
  /** Started when a pipeline uses them; given back with the store. */
  readonly beside: PartsUp
  /** Leaves it up, no longer ours; the commands that end it. */
  keep(): readonly string[]
}

/** A store that stays up, with what the runs have put into it. */
export interface Kept {
  readonly store: StoreUp
  readonly buckets: readonly { readonly bucket: string; readonly run: string }[]
}

export interface RealParts {
  readonly speed: number
  readonly exposing: Exposing
  readonly startStore: () => Promise<StoreUp>
  /** Store and buckets stay, and this is told of them. */
  readonly onKept?: (kept: Kept) => void
  /** Told what is left behind. */
  readonly say: (line: string) => void
}

export class RealExecutor implements Executor, AsyncDisposable {
  readonly width = 1
  readonly #parts: RealParts
  readonly #buckets: { readonly bucket: string; readonly run: string }[] = []
  #store: Promise<StoreUp> | undefined

  constructor(parts: RealParts) {
    this.#parts = parts
  }

  async execute(order: RunOrder): Promise<RunResult> {
    this.#store ??= this.#parts.startStore()
    const store = await this.#store
    try {
      const bucket = await bucketOn(store, order.signal)
      return await this.#runOn(store, bucket, order)
    } catch (error) {
      // The next scenario's runs need another.
      if (await hasEnded(store)) {
        this.#store = undefined
        await store[Symbol.asyncDispose]()
      }
      throw error
    }
  }

  async #runOn(store: StoreUp, bucket: Bucket, order: RunOrder): Promise<RunResult> {
    const { speed, exposing, onKept } = this.#parts
    const { access } = bucket
    try {
      const { pipeline } = order.scenario
      await using given = await giveParts(
        pipelineOf(order.scenario).uses?.(pipeline) ?? {},
        store.beside,
      )
      const parts = { objects: store.describe, ...given.describe }
      const used = given.parts
      return await runOnce(
        order,
        really({
          speed,
          exposing,
          store: access,
          used,
          parts,
          keeping: store.keeping,
          lost: store.exited,
        }),
      )
    } finally {
      if (onKept === undefined) await this.#clear(bucket, store, order.signal)
      else {
        bucket.keep()
        this.#buckets.push({ bucket: access.bucket, run: nameOf(order) })
      }
    }
  }

  /** Interrupted, it does not empty what ends anyway, and waits for another store only so long. */
  async #clear({ access, remove }: Bucket, store: StoreUp, signal?: AbortSignal): Promise<void> {
    const lost = new AbortController()
    void store.exited.then((error) => error !== undefined && lost.abort())
    const hurry = signal === undefined ? [lost.signal] : [lost.signal, signal]
    const isGone = await remove(hurry, store.isOurs)
    if (!isGone && !store.isOurs)
      this.#parts.say(
        `aftershock: bucket ${access.bucket} is left on ${access.endpoint}; the next start removes it`,
      )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const store = await this.#store?.catch(() => undefined)
    if (store !== undefined) this.#parts.onKept?.({ store, buckets: this.#buckets })
    await store?.[Symbol.asyncDispose]()
  }
}

function nameOf({ scenario, file, variant, seed }: RunOrder): string {
  return `${scenario.name ?? file}, ${variant}, seed ${seed}`
}

async function bucketOn(store: StoreUp, signal?: AbortSignal): Promise<Bucket> {
  const opened = openBucket(store, store.hold)
  try {
    return await (signal === undefined ? opened : beforeAbort(opened, signal))
  } catch (error) {
    if (signal?.aborted === true)
      throw new AftershockError('interrupted', 'interrupted before its run began', {
        exitCode: ExitCode.interrupted,
      })
    const message = `the object store at ${store.endpoint} takes no bucket: ${messageOf(error)}`
    throw new AftershockError('environment', message, {
      exitCode: ExitCode.environment,
      cause: error,
    })
  }
}

/** Known to have ended by now. */
async function hasEnded({ exited }: StoreUp): Promise<boolean> {
  return (await Promise.race([exited, undefined])) !== undefined
}
