// Where Redis is, and how a run's own keys are told from others'.
import type { Redis } from 'ioredis'
import { CallError } from '../../world.ts'
import type { Restarts } from '../providers/part.ts'

export interface RedisAccess {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
  /** The logical database, 0 unless it says so. */
  readonly db?: number
}

/** Of a run. */
export interface RedisFor extends RedisAccess {
  /** All keys of the run begin with it. */
  readonly prefix: string
  /** The whole of its logical database is the run's, whatever the keys: processes that are not ours write them. */
  readonly isShared?: true
  readonly persists: boolean
  readonly restarts?: Restarts | undefined
  /** Told what the server was set to before a run sets it otherwise. */
  readonly onSetting?: ((name: string, before: string) => void) | undefined
}

export type Ioredis = Pick<typeof import('ioredis'), 'Redis'>

/** Connects when it is told to. `againMs`: how long after its end it connects again, in wall milliseconds. */
export function clientOf(
  { Redis: Client }: Ioredis,
  { host, port, username, password, db }: RedisAccess,
  againMs: () => number | null,
): Redis {
  const client = new Client({
    host,
    port,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(db === undefined ? {} : { db }),
    lazyConnect: true,
    // What BullMQ asks for: commands wait for the connection to come back.
    maxRetriesPerRequest: null,
    retryStrategy: againMs,
    // The older protocol, which servers of every age speak.
    protocol: 2,
  })
  // What goes wrong is told by the commands that it befalls.
  client.on('error', () => {})
  return client
}

/** Of what ioredis and BullMQ throw. */
export function classifyRedis(error: unknown): unknown {
  if (error instanceof CallError || !(error instanceof Error)) return error
  const { message, name } = error
  // OOM, LOADING, READONLY: Redis begins its refusals with their code.
  const said = /^([A-Z][A-Z0-9]+)\b/.exec(message)?.[1]
  if (name === 'ReplyError' && said !== undefined)
    return new CallError({ class: 'error', code: said }, message)
  const isOfTheWire =
    /Connection is closed|ECONNRESET|EPIPE|Stream isn't writeable|ECONNREFUSED/.test(message)
  return isOfTheWire ? new CallError({ class: 'reset' }) : error
}
