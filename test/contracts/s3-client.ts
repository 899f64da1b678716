// A client of S3 that says exactly what it is told to: every header, every byte, signed or spoiled.
import { createHash } from 'node:crypto'
import http, { type IncomingHttpHeaders } from 'node:http'
import {
  chunkSignature,
  encodePath,
  type Headers,
  presign,
  type SigningKey,
  sha256,
  signHeaders,
} from '../../src/worlds/real/sigv4.ts'
import { amzDate } from '../../src/worlds/store/amz-date.ts'

export const KEY: SigningKey = {
  accessKey: 'aftershock',
  secretKey: 'aftershock-secret',
  region: 'us-east-1',
}
export const WRONG_SECRET: SigningKey = { ...KEY, secretKey: 'of-somebody-else' }
export const UNKNOWN: SigningKey = { ...KEY, accessKey: 'nobody' }

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export interface CallOptions {
  readonly body?: string
  readonly headers?: Headers
  readonly key?: SigningKey
  /** How far the client's clock is off. */
  readonly skewMs?: number
  /** What stands for the body in the signature; its hash where nothing is said. */
  readonly payload?: string
  /** After signing. */
  readonly spoil?: (headers: Record<string, string>) => void
}

export interface UrlOptions extends Pick<CallOptions, 'body' | 'headers' | 'key' | 'skewMs'> {
  readonly expires?: number | string
  /** After signing. */
  readonly spoil?: (url: string) => string
  /** Used with another method than it was signed for. */
  readonly as?: string
}

export interface ChunkOptions {
  readonly skewMs?: number
  /** `x-amz-checksum-crc32:…` */
  readonly trailer?: string
  readonly unsigned?: boolean
  /** What the client says that the data's length is. */
  readonly length?: string
  readonly spoil?: (body: string) => string
}

export const md5 = (text: string) => createHash('md5').update(text).digest('base64')

/** `/images/人.jpg`, escaped. */
export const path = (...parts: readonly string[]) => `/${encodePath(parts.join('/'))}`

export class S3Client {
  readonly host: string
  readonly #now: () => number

  constructor(endpoint: string, now = () => Date.now()) {
    this.host = new URL(endpoint).host
    this.#now = now
  }

  /** Signed in its headers. */
  call(method: string, target: string, options: CallOptions = {}): Promise<Answer> {
    const { body = '', payload = sha256(body), key = KEY, skewMs = 0 } = options
    const request = { method, target, headers: { host: this.host, ...options.headers }, payload }
    const headers = { ...signHeaders(request, key, this.#now() + skewMs) }
    headers['content-length'] = String(Buffer.byteLength(body))
    options.spoil?.(headers)
    return this.send(method, target, headers, body)
  }

  /** Signed in its URL. */
  fetch(method: string, target: string, options: UrlOptions = {}): Promise<Answer> {
    const { key = KEY, skewMs = 0, expires = 60, as = method, body = '' } = options
    const request = { method, target, headers: { host: this.host } }
    // Whatever is asked for: what a server takes is what is to be found out.
    const url = presign(request, key, this.#now() + skewMs, expires as number)
    const headers = { host: this.host, ...options.headers }
    return this.send(as, options.spoil?.(url) ?? url, headers, body)
  }

  /** A PUT whose body is sent, and signed, in chunks. */
  putChunks(
    target: string,
    chunks: readonly string[],
    options: ChunkOptions = {},
  ): Promise<Answer> {
    const { trailer, unsigned = false, skewMs = 0, spoil = (body: string) => body } = options
    const atMs = this.#now() + skewMs
    const payload = unsigned
      ? 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'
      : `STREAMING-AWS4-HMAC-SHA256-PAYLOAD${trailer === undefined ? '' : '-TRAILER'}`
    const signed = signHeaders(
      {
        method: 'PUT',
        target,
        headers: {
          host: this.host,
          'content-encoding': 'aws-chunked',
          'x-amz-decoded-content-length': options.length ?? String(chunks.join('').length),
          ...(trailer === undefined ? {} : { 'x-amz-trailer': trailer.split(':')[0] ?? '' }),
        },
        payload,
      },
      KEY,
      atMs,
    )
    const date = amzDate(atMs)
    const claim = { ...KEY, date, day: date.slice(0, 8), signedHeaders: [], payload }
    let last = /Signature=(\w+)/.exec(signed.authorization ?? '')?.[1] ?? ''
    const next = (data: string, trails: boolean) => {
      last = chunkSignature({ hash: sha256(data), trails }, last, claim, KEY.secretKey)
      return last
    }
    const heads = [...chunks, ''].map((data) => {
      const size = data.length.toString(16)
      const head = unsigned ? size : `${size};chunk-signature=${next(data, false)}`
      return `${head}\r\n${data}${data === '' ? '' : '\r\n'}`
    })
    const tail = trailer === undefined ? [] : [trailer]
    if (trailer !== undefined && !unsigned)
      tail.push(`x-amz-trailer-signature:${next(`${trailer}\n`, true)}`)
    const body = spoil(`${heads.join('')}${tail.map((line) => `${line}\r\n`).join('')}\r\n`)
    const headers = { ...signed, 'content-length': String(body.length) }
    return this.send('PUT', target, headers, body)
  }

  send(method: string, target: string, headers: Headers, body = ''): Promise<Answer> {
    return new Promise((answered, failed) => {
      const [host = '', port = ''] = this.host.split(':')
      const options = { host, port, method, path: target, headers, setHost: false, agent: false }
      const request = http.request(options, (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () =>
          answered({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
        )
        response.on('error', failed)
      })
      request.on('error', failed)
      request.end(body)
    })
  }
}

/** The text of an element, or of all of that name. */
export const textsOf = (xml: string, name: string): string[] =>
  [...xml.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, 'gs'))].map(([, text]) =>
    plain(text ?? ''),
  )

function plain(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }
  return text.replaceAll(/&(#x?)?(\w+);/g, (_, number, what) =>
    number === undefined
      ? (named[what] ?? '')
      : String.fromCodePoint(Number.parseInt(what, number === '#x' ? 16 : 10)),
  )
}

/** An answer in a line: what came, or why not and what the error was said to be about. */
export function told({ status, headers, body }: Answer): string {
  const code = headers['x-minio-error-code']
  if (code !== undefined) return `${status} by headers: ${code}, ${headers['x-minio-error-desc']}`
  if (!body.includes('<Error><Code>')) return body === '' ? `${status}` : `${status}: ${body}`
  const of = (name: string) => textsOf(body, name)[0] ?? '-'
  return `${status} ${of('Code')}: ${of('Message')} (${of('BucketName')}, ${of('Key')}, ${of('Resource')})`
}
