// The upstreams as the worker calls them: what it asks, and what it makes of each answer and each error.
import { codeIn } from '../../worlds/error-code.ts'
import {
  CallError,
  type CallOptions,
  type Host,
  type Json,
  type Reply,
} from '../../worlds/world.ts'
import type { Tried } from '../resilience/retrying.ts'

/** How a worker sees errors: `why` of a failed try. */
export type ErrorClass =
  | 'network'
  | 'connect-timeout'
  | 'read-timeout'
  | 'rate-limited'
  | 'upstream-error'
  | 'bad-answer'
  | 'moderation'
  | 'rejected'

/** Codes by which moderation refuses a text or a picture: for good, whatever is tried. */
const MODERATION: ReadonlySet<string> = new Set([
  'InputTextSensitiveContentDetected',
  'InputImageSensitiveContentDetected',
  'OutputImageSensitiveContentDetected',
  'InputTextRiskDetection',
  'InputImageRiskDetection',
  'OutputImageRiskDetection',
  '50411',
  '50412',
  '50413',
  '50512',
  '50518',
  '50519',
])
/** Volcengine says 400, yet another picture of the same request may pass. */
const WORTH_ANOTHER_TRY: ReadonlySet<string> = new Set(['50511', '50520', '50521', '50522'])

export interface Upstream<T> {
  readonly host: string
  readonly route: string
  /** What a 200 brought; undefined where it is not what was asked for. */
  readonly read: (body: Json) => T | undefined
}

/** One call. Everything that can go wrong with it is a class of errors. */
export async function tryOnce<T>(
  host: Host,
  { host: to, route, read }: Upstream<T>,
  options: CallOptions,
): Promise<Tried<T>> {
  let reply: Reply
  let body: Json
  try {
    reply = await host.http.call(to, route, options)
    body = await reply.body()
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return failed(classOf(error))
  }
  if (reply.status >= 400) return refused(reply, body)
  const value = read(body)
  return value === undefined ? failed('bad-answer') : { ok: true, value }
}

function classOf({ class: klass }: CallError): ErrorClass {
  if (klass === 'connect-timeout' || klass === 'read-timeout') return klass
  return klass === 'bad-body' ? 'bad-answer' : 'network'
}

function refused<T>({ status, headers }: Reply, body: Json): Tried<T> {
  const code = codeIn(body) ?? ''
  // Ark's codes may go on after a dot: OutputImageSensitiveContentDetected.PrivacyInformation.
  if (MODERATION.has(code.split('.')[0] ?? '')) return failed('moderation', true)
  if (status === 429) {
    const seconds = Number(headers['retry-after'])
    return {
      ...failed<T>('rate-limited'),
      ...(seconds > 0 ? { retryAfterMs: seconds * 1_000 } : {}),
    }
  }
  if (status >= 500 || WORTH_ANOTHER_TRY.has(code)) return failed('upstream-error')
  return failed('rejected', true)
}

function failed<T>(why: ErrorClass, isFinal = false): Tried<T> & { readonly ok: false } {
  return { ok: false, why, isFinal }
}
