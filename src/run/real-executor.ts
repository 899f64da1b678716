// Runs in the real world, one at a time: parts started once, a bucket of its own for every run.
import { AftershockError, ExitCode, messageOf } from '../base/errors.ts'
import { openBucket } from '../worlds/real/bucket.ts'
import type { Executor } from './executor.ts'
import { really } from './really.ts'
import type { RunResult } from './result.ts'
import { type RunOrder, runOnce } from './run.ts'

/** A store that is up and answers. */
export interface StoreUp extends AsyncDisposable {
  readonly provider: string
  readonly endpoint: string
  readonly accessKey: string
  readonly secretKey: string
  readonly version: string
  /** What to report when it ended though nobody asked it to. */
  readonly exited?: Promise<Error | undefined>
}

export interface RealParts {
  readonly speed: number
  readonly startStore: () => Promise<StoreUp>
}

export class RealExecutor implements Executor, AsyncDisposable {
  readonly width = 1
  readonly #parts: RealParts
  #store: Promise<StoreUp> | undefined

  constructor(parts: RealParts) {
    this.#parts = parts
  }

  async execute(order: RunOrder): Promise<RunResult> {
    this.#store ??= this.#parts.startStore()
    const store = await this.#store
    await using bucket = await openBucket(store).catch((error: unknown) => {
      throw new AftershockError(
        'environment',
        `the object store at ${store.endpoint} takes no bucket: ${messageOf(error)}`,
        { exitCode: ExitCode.environment, cause: error },
      )
    })
    return await runOnce(
      order,
      really({
        speed: this.#parts.speed,
        store: bucket.access,
        parts: { objects: `${store.provider}, ${store.version}` },
      }),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const store = await this.#store?.catch(() => undefined)
    await store?.[Symbol.asyncDispose]()
  }
}
