// Presigned URLs of the virtual store: S3's query parameters, and a signature that only has to notice changes.
import { hashText } from '../../base/random.ts'

const ORIGIN = 'http://objects/images/'
/** What a date parameter holds: 20251113T032050Z. */
const DATE_LENGTH = 16
const MOST_FOLDERS = 10_000

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

/** Signs and reads URLs. Dates are the same for a second and folders for many keys: both are worked out once. */
export class Signer {
  #second = Number.NaN
  #date = ''
  #readDate = ''
  #readDateMs = Number.NaN
  readonly #encoded = new Folders(encodePath)
  readonly #decoded = new Folders(decodePath)

  presign(key: string, signer: string, atMs: number, expirySeconds: number): string {
    const second = Math.floor(atMs / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#date = amzDate(second * 1_000)
    }
    const signature = signatureOf(key, this.#date, `${expirySeconds}`)
    return `${ORIGIN}${this.#encoded.convert(key)}?X-Amz-Credential=${signer}&X-Amz-Date=${this.#date}&X-Amz-Expires=${expirySeconds}&X-Amz-Signature=${signature}`
  }

  /** Undefined for anything that `presign` did not write. */
  read(url: string): PresignedUrl | undefined {
    const query = url.indexOf('?', ORIGIN.length)
    if (query < 0 || !url.startsWith(ORIGIN)) return undefined
    const date = parameter(url, query, '&X-Amz-Date=')
    const expires = parameter(url, query, '&X-Amz-Expires=')
    if (date !== this.#readDate) {
      this.#readDate = date
      this.#readDateMs = date.length === DATE_LENGTH ? dateMs(date) : Number.NaN
    }
    return {
      key: this.#decoded.convert(url.slice(ORIGIN.length, query)),
      signer: parameter(url, query, '?X-Amz-Credential='),
      date,
      datedMs: this.#readDateMs,
      expires,
      expirySeconds: Number(expires),
      signature: parameter(url, query, '&X-Amz-Signature='),
    }
  }
}

/** Converts a key folder by folder, and remembers the folders. */
class Folders {
  readonly #convert: (path: string) => string
  readonly #known = new Map<string, string>()

  constructor(convert: (path: string) => string) {
    this.#convert = convert
  }

  convert(key: string): string {
    const end = key.lastIndexOf('/') + 1
    const folder = key.slice(0, end)
    let converted = this.#known.get(folder)
    if (converted === undefined) {
      converted = this.#convert(folder)
      if (this.#known.size < MOST_FOLDERS) this.#known.set(folder, converted)
    }
    const name = key.slice(end)
    return converted + (PLAIN.test(name) ? name : this.#convert(name))
  }
}

const PLAIN = /^[\w.-]*$/

function encodePath(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}

function decodePath(path: string): string {
  return path.split('/').map(decodeURIComponent).join('/')
}

function dateMs(date: string): number {
  const part = (from: number, to: number) => Number(date.slice(from, to))
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15))
}

function parameter(url: string, from: number, name: string): string {
  const at = url.indexOf(name, from)
  if (at < 0) return ''
  const start = at + name.length
  const end = url.indexOf('&', start)
  return end < 0 ? url.slice(start) : url.slice(start, end)
}
