// The parts of a run: started by whoever can, owned together, given back in reverse.
import { AftershockError, ExitCode } from '../../base/errors.ts'
import { suggestion } from '../../base/suggest.ts'
import type { Containers } from './containers.ts'
import { docker } from './docker.ts'
import type { Environment, Journal } from './journal.ts'
import {
  type ObjectStoreOptions,
  type ObjectStorePart,
  startObjectStore,
} from './providers/object-store.ts'
import { type Part, type PartContext, type PartOptions, USUAL_LIMITS } from './providers/part.ts'
import { startPostgres } from './providers/postgres.ts'
import { type RedisPartOptions, startRedis } from './providers/redis.ts'
import { openJournal, type Swept } from './sweep.ts'

export interface PartsSetup {
  /** The run's folder: logs of the parts are kept there. */
  readonly logFolder: string
  readonly environment: Environment
  /** `--allow-target`. */
  readonly allowedTargets: readonly string[]
  readonly signal?: AbortSignal
  /** Told what takes long, and what could not be removed. */
  readonly say?: (line: string) => void
  /** Docker, unless a test has something else. */
  readonly containers?: Containers
}

export class Parts implements AsyncDisposable {
  /** What earlier processes had left. */
  readonly swept: Swept
  readonly #context: PartContext
  readonly #journal: Journal
  readonly #owned = new AsyncDisposableStack()
  readonly #started: Part[] = []

  private constructor(journal: Journal, swept: Swept, context: PartContext) {
    this.swept = swept
    this.#context = context
    this.#journal = journal
  }

  /** Sweeps first. */
  static async open({ containers = docker, ...setup }: PartsSetup): Promise<Parts> {
    const { journal, swept } = await openJournal(setup.environment, containers.remove)
    const limits = USUAL_LIMITS
    return new Parts(journal, swept, { ...setup, journal, containers, limits })
  }

  /** `host:port` of the containers, for `checkTarget`: theirs may be another machine. */
  get own(): string[] {
    return this.#started
      .filter(({ provider }) => provider === 'container')
      .map(({ access: { host, port } }) => `${host.includes(':') ? `[${host}]` : host}:${port}`)
  }

  /** Where what is started beside them is kept, and written down. */
  get keeping(): Pick<PartContext, 'journal' | 'logFolder' | 'environment'> {
    return this.#context
  }

  async objectStore(options: ObjectStoreOptions): Promise<ObjectStorePart> {
    return this.#own(await startObjectStore(options, this.#context))
  }

  async redis(options: RedisPartOptions): Promise<Part> {
    return this.#own(await startRedis(options, this.#context))
  }

  async database(options: PartOptions): Promise<Part> {
    return this.#own(await startPostgres(options, this.#context))
  }

  /** Leaves them all up, no longer ours; the commands that end them. */
  keep(): string[] {
    return this.#started.flatMap((part) => part.keep())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync()
    this.#journal[Symbol.dispose]()
  }

  #own<P extends Part>(part: P): P {
    this.#owned.use(part)
    this.#started.push(part)
    return part
  }
}

const PROVIDERS = ['auto', 'container', 'binary', 'url', 'embedded'] as const

/** What a flag such as `--objects` says: a provider, or a URL. Of `url` alone a variable says which. */
export function readProvider(flag: string, text: string): Pick<PartOptions, 'provider' | 'url'> {
  if (text.includes('://')) return { provider: 'url', url: text }
  const provider = PROVIDERS.find((name) => name === text)
  if (provider !== undefined) return { provider }
  throw new AftershockError(
    'usage',
    `${flag}: no provider '${text}'${suggestion(text, PROVIDERS)}`,
    {
      exitCode: ExitCode.badScenario,
      hint: `A URL names one of yours: ${flag} http://127.0.0.1:9000`,
    },
  )
}
