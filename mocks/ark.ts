// Errors as Volcengine's Ark writes them.
import type { Answer } from '../src/worlds/world.ts'

const TYPES: Readonly<Record<number, string>> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  429: 'TooManyRequests',
}

export function arkError(status: number, code: string, message: string): Answer {
  const type = TYPES[status] ?? 'InternalServiceError'
  return { status, body: { error: { code, message, param: '', type } } }
}

export const internalError = () =>
  arkError(500, 'InternalServiceError', 'The service encountered an internal error.')
