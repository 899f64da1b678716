// What a call is about: where its parameters, its headers or its body carry the key.
import type { Headers, Json } from './world.ts'

export type CallKey = (
  params: Readonly<Record<string, string>> | undefined,
  body: Json,
  headers?: Headers,
) => string

/** `params.id`, `headers.x-request-id`, `body.image_path`, `body.params.data.task_id`; without one, about nothing. */
export function callKey(place: string | undefined): CallKey {
  const [part, field = '', ...inner] = place?.split('.') ?? []
  if (part === 'params') return (params) => params?.[field] ?? ''
  if (part === 'headers') return (_params, _body, headers) => headers?.[place?.slice(8) ?? ''] ?? ''
  if (part !== 'body') return () => ''
  if (inner.length === 0) return (_params, body) => textOf(fieldOf(body, field))
  return (_params, body) => {
    let value = fieldOf(body, field)
    for (const name of inner) value = fieldOf(value, name)
    return textOf(value)
  }
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  return (value as { readonly [field: string]: Json } | null | undefined)?.[name]
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}
