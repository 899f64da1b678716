// Where services put the code of an error in its body: each kind has a place of its own.
import type { Json } from './world.ts'

type Fields = { readonly [key: string]: Json }

/**
 * `{code: 'X'}` as S3 gateways, `{code: 50429}` as Volcengine's visual API, `{error: {code: 'X'}}` as OpenAI, Ark and
 * their like, `{error_code: 'X'}`. Undefined where there is none.
 */
export function codeIn(body: Json): string | undefined {
  const fields = fieldsOf(body)
  const code = fields?.code ?? fieldsOf(fields?.error ?? null)?.code ?? fields?.error_code
  return typeof code === 'string' ? code : typeof code === 'number' ? String(code) : undefined
}

function fieldsOf(value: Json): Fields | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  return value as Fields
}
