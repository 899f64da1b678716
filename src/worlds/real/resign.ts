// Signs a request to the store again, dated by a clock that is off.
import type { Resign } from './objects.ts'
import { signHeaders, UNSIGNED_PAYLOAD } from './sigv4.ts'

export const resign: Resign = (options, access, atMs) => {
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(options.headers ?? {}))
    if (value !== undefined) headers[name.toLowerCase()] = String(value)
  const request = {
    method: options.method ?? 'GET',
    target: options.path ?? '/',
    headers,
    payload: headers['x-amz-content-sha256'] ?? UNSIGNED_PAYLOAD,
  }
  return { ...options, headers: signHeaders(request, access, atMs) }
}
