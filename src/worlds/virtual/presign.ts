// Presigned URLs of the virtual store: S3's query parameters, and a signature that only has to notice changes.
import { hashText } from '../../base/random.ts'

const ORIGIN = 'http://objects/images/'

export interface PresignedUrl {
  readonly key: string
  readonly signer: string
  readonly date: string
  readonly datedMs: number
  readonly expires: string
  readonly expirySeconds: number
  readonly signature: string
}

/** Not SHA-256: cryptography would be the costliest thing in a run, and nobody forges URLs here. */
export function signatureOf(key: string, date: string, expires: string): string {
  return ((hashText(key) ^ Math.imul(hashText(date), 31) ^ Number(expires)) >>> 0).toString(16)
}

/** `20251113T032050Z`: whole seconds, as S3 dates a request. */
export function amzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Dates are the same for a whole second, and so is their text. */
export class Signer {
  #second = Number.NaN
  #date = ''

  presign(key: string, signer: string, atMs: number, expirySeconds: number): string {
    const second = Math.floor(atMs / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#date = amzDate(second * 1_000)
    }
    const signature = signatureOf(key, this.#date, `${expirySeconds}`)
    return `${ORIGIN}${encodeURI(key)}?X-Amz-Credential=${signer}&X-Amz-Date=${this.#date}&X-Amz-Expires=${expirySeconds}&X-Amz-Signature=${signature}`
  }
}

/** Undefined for anything that `presign` did not write. */
export function readPresigned(url: string): PresignedUrl | undefined {
  const query = url.indexOf('?', ORIGIN.length)
  if (query < 0 || !url.startsWith(ORIGIN)) return undefined
  const date = parameter(url, query, '&X-Amz-Date=')
  const expires = parameter(url, query, '&X-Amz-Expires=')
  return {
    key: decodeURI(url.slice(ORIGIN.length, query)),
    signer: parameter(url, query, '?X-Amz-Credential='),
    date,
    datedMs: Date.UTC(+date.slice(0, 4), +date.slice(4, 6) - 1, +date.slice(6, 8), +date.slice(9, 11), +date.slice(11, 13), +date.slice(13, 15)),
    expires,
    expirySeconds: Number(expires),
    signature: parameter(url, query, '&X-Amz-Signature='),
  }
}

function parameter(url: string, from: number, name: string): string {
  const at = url.indexOf(name, from)
  if (at < 0) return ''
  const start = at + name.length
  const end = url.indexOf('&', start)
  return end < 0 ? url.slice(start) : url.slice(start, end)
}
