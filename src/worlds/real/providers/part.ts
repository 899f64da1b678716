// What a part of the real world is: a server that speaks a protocol, who provides it, and how it is given back.
import { AftershockError, ExitCode } from '../../../base/errors.ts'
import type { Containers } from '../containers.ts'
import type { Environment, Journal } from '../journal.ts'

export type ProviderName = 'container' | 'binary' | 'url' | 'embedded'

export interface Part extends AsyncDisposable {
  readonly kind: string
  readonly provider: ProviderName
  /** `http://127.0.0.1:9000`, without secrets. */
  readonly endpoint: string
  readonly access: Access
  readonly accessKey?: string
  /** A password is one, too. */
  readonly secretKey?: string
  /** As the running server, its binary or its image tells it. */
  readonly version: string
  /** One line for a report: what it is, who provides it, where. */
  readonly describe: string
  readonly logFile?: string
  /** Providers that `auto` tried before this one, and why it did not take them. */
  readonly passedOver: readonly PassedOver[]
  /** What to report when it ended though nobody asked it to; undefined once it is given back. */
  readonly exited: Promise<AftershockError | undefined>
  /** Leaves it up, no longer ours; the commands that end it, where there are any. */
  keep(): readonly string[]
}

/** Where a part is reached, and with which keys. */
export interface Access {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly accessKey?: string
  readonly secretKey?: string
  readonly region?: string
}

export interface PassedOver {
  readonly provider: ProviderName
  readonly why: string
}

export interface PartOptions {
  readonly provider: 'auto' | ProviderName
  /** Of the container; a local one is not pulled. `name:tag`, `name@sha256:…` or `name:tag@sha256:…`. */
  readonly image?: string
  /** What that image is told, and where it listens, where it is another server than the usual one. */
  readonly container?: ContainerOptions
  /** A path in place of what PATH has. */
  readonly binary?: string
  /** For `binary` and `container`: this port of 127.0.0.1 in place of a free one. */
  readonly port?: number
  readonly url?: string
  readonly accessKey?: string
  readonly secretKey?: string
  readonly region?: string
}

export interface ContainerOptions {
  readonly command?: readonly string[]
  readonly port?: number
  readonly environment?: Readonly<Record<string, string>>
}

export interface PartContext {
  readonly journal: Journal
  /** The run's folder: logs of the parts are kept there. */
  readonly logFolder: string
  readonly environment: Environment
  readonly containers: Containers
  /** `--allow-target`, for URLs. */
  readonly allowedTargets: readonly string[]
  readonly limits: Limits
  readonly signal?: AbortSignal
  /** Told what takes long. */
  readonly say?: (line: string) => void
}

export interface Limits {
  /** From the start of a server until it has answered a real operation. */
  readonly readyMs: number
  readonly pullMs: number
  /** From the request to end until a server is forced to. */
  readonly stopMs: number
}

export const USUAL_LIMITS: Limits = { readyMs: 30_000, pullMs: 300_000, stopMs: 5_000 }

/** One kind of part, whoever provides it. */
export interface PartRecipe {
  /** Names its log and its temporary folder. */
  readonly kind: string
  /** In sentences: `object store`. */
  readonly title: string
  readonly scheme: string
  /** The providers that `auto` tries, in this order. */
  readonly auto: readonly ProviderName[]
  /** What to do, by provider, where that one has none. */
  readonly remedies: Readonly<Partial<Record<ProviderName, string>>>
  readonly binaries: readonly string[]
  readonly image: string
  /** Where it listens inside its container. */
  readonly containerPort: number
  /** Keys for a server that we start. */
  newKeys(): Pick<Access, 'accessKey' | 'secretKey'>
  ofBinary(access: Access, folder: string): Command
  ofContainer(access: Access): Command
  /** As the program itself tells it; not every server does. */
  versionOfBinary(path: string, environment: Environment): Promise<string>
  /** The user's own, where no option names it. */
  fromEnvironment(
    environment: Environment,
  ): Pick<PartOptions, 'image' | 'url' | 'accessKey' | 'secretKey'>
  startEmbedded?: StartEmbedded | undefined
  /** A real operation from one end to the other; what the server says of itself. Throws `NotReady`. */
  probe(access: Access, signal: AbortSignal): Promise<string>
}

/** What to run, in a process or in a container. */
export interface Command {
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

export interface Embedded extends AsyncDisposable {
  readonly url: string
  readonly accessKey?: string
  readonly secretKey?: string
  readonly region?: string
  /** How it ended, where nobody asked it to. */
  readonly ended?: Promise<string | undefined>
}
export type StartEmbedded = () => Promise<Embedded>

/** A server that runs, or should: not yet known to answer. */
export interface Opened extends AsyncDisposable {
  readonly access: Access
  /** Who provides it, in words: `binary /usr/bin/redis-server`. */
  readonly by: string
  readonly logFile?: string
  /** How it ended, `with code 1`, where nobody asked it to; undefined where somebody did. */
  readonly ended: Promise<string | undefined>
  /** What is known of its version, beside what it says itself. */
  version(said: string): Promise<string>
  keep(): readonly string[]
}

/** Throws `CannotOpen` where it has none. */
export type Open = (
  recipe: PartRecipe,
  options: PartOptions,
  context: PartContext,
) => Promise<Opened>

export class CannotOpen extends Error {
  readonly hint: string | undefined

  constructor(why: string, hint?: string) {
    super(why)
    this.hint = hint
  }
}

/** Why a server does not do what it is there for. */
export class NotReady extends Error {
  /** No use in trying again: wrong keys, a full disk. */
  readonly isFinal: boolean
  readonly hint: string | undefined

  constructor(why: string, final?: { readonly hint: string }) {
    super(why)
    this.isFinal = final !== undefined
    this.hint = final?.hint
  }
}

/** A part that could not be started, or that ended (exit code 110). `why` stands alone in a list of providers. */
export class PartError extends AftershockError {
  readonly why: string

  constructor({ title }: PartRecipe, provider: ProviderName, why: string, hint?: string) {
    super('part', `${title} from ${provider}: ${why}`, {
      exitCode: ExitCode.environment,
      ...(hint === undefined ? {} : { hint }),
    })
    this.why = why
  }
}
