// Answers that no part has given: what a rule says, in the words of the part that it stands for.
import type { Decision } from '../../rules.ts'
import { element, escaped } from './message.ts'
import type { WireCall } from './wire-call.ts'

export type GivenReply = Omit<NonNullable<Decision<WireCall>['reply']>, 'by'> & {
  readonly message?: string
}

export const FOLDER_VANISHED: GivenReply = {
  status: 403,
  code: 'AccessDenied',
  message: 'Access Denied.',
}

/** Nothing in answer to a HEAD; a store's errors are XML. */
export function textOf(reply: GivenReply, call: WireCall, isStore: boolean): string {
  const { code, message, body } = reply
  if (call.request.method === 'HEAD') return ''
  if (!isStore) return JSON.stringify(body ?? (code === undefined ? null : { code }))
  const told = `${element('Code', code)}${element('Message', message)}`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${told}<Key>${escaped(call.key)}</Key></Error>`
}
