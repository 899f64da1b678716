// Presigned URLs of the virtual store: S3's query parameters, and a signature that only has to notice changes.
import { hashText } from '../../base/random.ts'
import { folderEnd } from '../store/objects.ts'

const ORIGIN = 'http://objects/images/'
/** What a date parameter holds: 20251113T032050Z. */
const DATE_LENGTH = 16
/** URLs remembered after signing, twice: nearly all are fetched at once, and more would only burden the collector. */
const REMEMBERED = 256
const MOST_FOLDERS = 10_000

export class PresignedUrl {
  readonly key: string
  readonly signer: string
  readonly date: string
  readonly datedMs: number
  readonly expirySeconds: number
  /** Undefined for a URL that was signed here. */
  readonly signature: string | undefined

  constructor(
    key: string,
    signer: string,
    date: string,
    datedMs: number,
    expirySeconds: number,
    signature?: string,
  ) {
    this.key = key
    this.signer = signer
    this.date = date
    this.datedMs = datedMs
    this.expirySeconds = expirySeconds
    this.signature = signature
  }

  isGenuine(): boolean {
    return (
      this.signature === undefined ||
      this.signature === signatureOf(this.key, hashText(this.date), this.expirySeconds)
    )
  }
}

/** Not SHA-256: cryptography would be the costliest thing in a run, and nobody forges URLs here. */
function signatureOf(key: string, dateHash: number, expirySeconds: number): string {
  return ((hashText(key) ^ Math.imul(dateHash, 31) ^ expirySeconds) >>> 0).toString(16)
}

/** `20251113T032050Z`: whole seconds, as S3 dates a request. */
export function amzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Signs URLs and reads them again; what it signed lately it need not take apart. */
export class Signer {
  #second = Number.NaN
  #date = ''
  #dateHash = 0
  #recent = new Map<string, PresignedUrl>()
  #before = new Map<string, PresignedUrl>()
  readonly #folders = new Map<string, string>()

  presign(key: string, signer: string, atMs: number, expirySeconds: number): string {
    const second = Math.floor(atMs / 1_000)
    if (second !== this.#second) {
      this.#second = second
      this.#date = amzDate(second * 1_000)
      this.#dateHash = hashText(this.#date)
    }
    const signature = signatureOf(key, this.#dateHash, expirySeconds)
    const url = `${ORIGIN}${this.#encode(key)}?X-Amz-Credential=${signer}&X-Amz-Date=${this.#date}&X-Amz-Expires=${expirySeconds}&X-Amz-Signature=${signature}`
    this.#remember(url, new PresignedUrl(key, signer, this.#date, second * 1_000, expirySeconds))
    return url
  }

  /** Undefined for anything that does not look as `presign` writes it. */
  read(url: string): PresignedUrl | undefined {
    return this.#recent.get(url) ?? this.#before.get(url) ?? readPresigned(url)
  }

  #remember(url: string, signed: PresignedUrl): void {
    if (this.#recent.size >= REMEMBERED) {
      this.#before = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(url, signed)
  }

  /** Folders are few and have to be encoded once only. */
  #encode(key: string): string {
    const end = folderEnd(key)
    const folder = key.slice(0, end)
    let encoded = this.#folders.get(folder)
    if (encoded === undefined) {
      encoded = encodePath(folder)
      if (this.#folders.size < MOST_FOLDERS) this.#folders.set(folder, encoded)
    }
    const name = key.slice(end)
    return encoded + (isPlain(name) ? name : encodePath(name))
  }
}

/** Takes a URL apart; undefined for anything that does not look as `presign` writes it. */
function readPresigned(url: string): PresignedUrl | undefined {
  const query = url.indexOf('?', ORIGIN.length)
  if (query < 0 || !url.startsWith(ORIGIN)) return undefined
  const parameters = new Map(
    url
      .slice(query + 1)
      .split('&')
      .map((pair): [string, string] => [
        pair.slice(0, pair.indexOf('=')),
        pair.slice(pair.indexOf('=') + 1),
      ]),
  )
  const [signer, date, expires, signature] = PARAMETERS.map((name) => parameters.get(name))
  const key = decodePath(url.slice(ORIGIN.length, query))
  if (key === undefined || !signer || !date || !expires || !signature) return undefined
  const datedMs = date.length === DATE_LENGTH ? dateMs(date) : Number.NaN
  return new PresignedUrl(key, signer, date, datedMs, Number(expires), signature)
}

const PARAMETERS = ['X-Amz-Credential', 'X-Amz-Date', 'X-Amz-Expires', 'X-Amz-Signature'] as const

/** Letters, digits, `_`, `.` and `-`: what a URL holds as it is. */
function isPlain(name: string): boolean {
  for (let i = 0; i < name.length; i++) {
    const c = name.charCodeAt(i)
    const plain =
      (c >= 48 && c <= 57) ||
      (c >= 97 && c <= 122) ||
      (c >= 65 && c <= 90) ||
      c === 46 ||
      c === 45 ||
      c === 95
    if (!plain) return false
  }
  return true
}

function encodePath(path: string): string {
  return path.toWellFormed().split('/').map(encodeURIComponent).join('/')
}

/** Undefined where an escape is broken. */
function decodePath(path: string): string | undefined {
  try {
    return path.split('/').map(decodeURIComponent).join('/')
  } catch {
    return undefined
  }
}

function dateMs(date: string): number {
  const part = (from: number, to: number) => Number(date.slice(from, to))
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(9, 11), part(11, 13), part(13, 15))
}
