// How a call over sockets ended, in the words that every world has for it.

import { codeIn } from '../error-code.ts'
import { amzDateMs } from '../store/amz-date.ts'
import { CallError, type CallResult, type Json } from '../world.ts'
import { CallStage, type CallStages } from './stages.ts'

/** Why we ended a call ourselves. */
export class Ending extends Error {
  readonly klass: string

  constructor(klass: string) {
    super(klass)
    this.klass = klass
  }
}

const REFUSED: readonly string[] = ['ECONNREFUSED']
const UNREACHED: readonly string[] = ['ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH']

/** The class of a call that failed before it was answered whole. */
export function classOf(error: unknown, stages: CallStages, slot: number): string {
  const stage = stages.get(slot)
  if (error instanceof Ending)
    return error.klass === 'read-timeout' && stage === CallStage.connecting
      ? 'connect-timeout'
      : error.klass
  if (stage === CallStage.refused) return 'refused'
  if (stage === CallStage.aborted) return 'aborted'
  const code = (error as { readonly code?: string } | undefined)?.code ?? ''
  if (REFUSED.includes(code)) return 'refused'
  return UNREACHED.includes(code) ? 'connect-timeout' : 'reset'
}

/** An error body as S3 writes it: `<Code>` and `<Message>`. */
export function storeError(text: string): { readonly code?: string; readonly message?: string } {
  const field = (name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1]
  const [code, message] = [field('Code'), field('Message')]
  return {
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message: unescaped(message) }),
  }
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll(/&(?:apos|#39);/g, "'")
    .replaceAll('&amp;', '&')
}

/** An answer's JSON; anything else is a bad body. */
export function jsonOf(text: string): Json {
  if (text === '') return null
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new CallError({ class: 'bad-body' })
  }
}

export function resultOf(
  status: number,
  said: { readonly code?: string | undefined; readonly message?: string | undefined } = {},
): CallResult & { readonly message?: string } {
  if (status < 400) return { class: 'ok' }
  return {
    class: `http-${status}`,
    ...(said.code === undefined ? {} : { code: said.code }),
    ...(said.message === undefined ? {} : { message: said.message }),
  }
}

export function saysJson(contentType: unknown): boolean {
  return String(contentType ?? '').includes('json')
}

/** How a call ended that a host answered whole; `isText`: what is no JSON is an answer, too. */
export function answered(
  status: number,
  text: string,
  isText: boolean,
): { readonly result: CallResult; readonly body: Json } {
  try {
    const body = jsonOf(text)
    return { result: resultOf(status, { code: codeIn(body) }), body }
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    if (isText) return { result: resultOf(status), body: text }
    return { result: { class: 'bad-body' }, body: null }
  }
}

/** Dates are whole seconds, and what carries them takes its time. */
export const LEAST_SKEW_MS = 2_000

/**
 * How far a clock is off that dated a request (`20251113T032050Z`), by the `Date` of the answer, ms; 0 where it may be
 * right. `agoMs`: how long before the answer it may have been dated at most.
 */
export function skewIn(
  dated: string | undefined,
  answered: string | undefined,
  agoMs: number,
): number {
  if (answered === undefined) return 0
  const ms = (amzDateMs(dated ?? '') ?? Number.NaN) - Date.parse(answered)
  const mayBeRight = ms <= LEAST_SKEW_MS && ms >= -LEAST_SKEW_MS - Math.max(0, agoMs)
  return Number.isNaN(ms) || mayBeRight ? 0 : ms
}
