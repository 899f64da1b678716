// An answer before it is written, and how a refusal becomes one.
import type { Headers } from '../sigv4.ts'
import type { Refusal } from './refusals.ts'
import { xml } from './xml.ts'

export interface Reply {
  readonly status: number
  readonly headers?: Headers
  readonly body?: Buffer | string
}

export const XML_TYPE = { 'content-type': 'application/xml' }

export function xmlReply(document: string): Reply {
  return { status: 200, headers: XML_TYPE, body: document }
}

/** What an error says of its request. */
export interface About {
  readonly method: string
  /** The path, unescaped. */
  readonly resource: string
  /** Undefined before a request was found to be about one. */
  readonly bucket?: string
  readonly key?: string
  readonly region: string | undefined
  readonly requestId: string
  readonly hostId: string
}

/**
 * A HEAD's answer has no body: its code is in headers, but for what is refused before anything is looked at and for
 * conditions that do not hold.
 */
export function refusalReply(refusal: Refusal, about: About): Reply {
  const { status, code, message, details } = refusal
  const headers: Record<string, string> = { ...details.headers }
  if (about.method === 'HEAD' && about.bucket !== undefined && status !== 412)
    return {
      status,
      headers: { ...headers, 'x-minio-error-code': code, 'x-minio-error-desc': `"${message}"` },
    }
  if (status === 503 || status === 429) headers['retry-after'] = '60'
  const document = xml(
    [
      'Error',
      [
        ['Code', code],
        ['Message', message],
        about.key ? ['Key', about.key] : undefined,
        about.bucket ? ['BucketName', about.bucket] : undefined,
        ['Resource', about.resource],
        about.region ? ['Region', about.region] : undefined,
        ['RequestId', about.requestId],
        ['HostId', about.hostId],
        ...(details.elements ?? []),
      ],
    ],
    '',
  )
  return { status, headers: { ...headers, ...XML_TYPE }, body: document }
}
