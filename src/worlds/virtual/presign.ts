// Presigned URLs of the virtual store: S3's query parameters, and a signature that only has to notice changes.
import { numberAtEnd } from '../../base/number-at-end.ts'
import { hashOn, hashText } from '../../base/random.ts'
import { amzDate, amzDateMs } from '../store/amz-date.ts'
import { Folders, folderEnd } from '../store/folders.ts'

const ORIGIN = 'http://objects/images/'
/** URLs remembered after signing: nearly all are fetched at once, and more would only burden the collector. */
const REMEMBERED = 512
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
      this.signature ===
        String(signatureOf(hashText(this.key), hashText(this.date), this.expirySeconds))
    )
  }
}

/** Not SHA-256: cryptography would be the costliest thing in a run, and nobody forges URLs here. Up to 31 bits. */
function signatureOf(keyHash: number, dateHash: number, expirySeconds: number): number {
  return (keyHash ^ Math.imul(dateHash, 31) ^ expirySeconds) & 0x7fffffff
}

/** A folder's part in the URLs of its keys. */
class SignedFolder {
  readonly url: string
  readonly hash: number

  constructor(name: string) {
    this.url = ORIGIN + encodePath(name)
    this.hash = hashText(name)
  }
}

/** Signs URLs and reads them again; what it signed lately it need not take apart. */
export class Signer {
  #second = Number.NaN
  #date = ''
  #dateHash = 0
  #by = ''
  #expirySeconds = 0
  #query = ''
  readonly #folders = new Folders((name) => new SignedFolder(name))
  /** By the end of the signature. */
  readonly #urls: string[] = new Array(REMEMBERED).fill('')
  readonly #signed: (PresignedUrl | undefined)[] = new Array(REMEMBERED).fill(undefined)

  presign(key: string, signer: string, atMs: number, expirySeconds: number): string {
    this.#begin(Math.floor(atMs / 1_000), signer, expirySeconds)
    if (this.#folders.size >= MOST_FOLDERS) this.#folders.clear()
    const end = folderEnd(key)
    const folder = this.#folders.of(key, end)
    const name = key.slice(end)
    const signature = signatureOf(hashOn(folder.hash, name), this.#dateHash, expirySeconds)
    const url = `${folder.url}${isPlain(name) ? name : encodePath(name)}${this.#query}${signature}`
    const place = signature % REMEMBERED
    this.#urls[place] = url
    this.#signed[place] = new PresignedUrl(
      key,
      signer,
      this.#date,
      this.#second * 1_000,
      expirySeconds,
    )
    return url
  }

  /** What all URLs that one signer signs in one second have in common. */
  #begin(second: number, signer: string, expirySeconds: number): void {
    if (second !== this.#second) {
      this.#second = second
      this.#date = amzDate(second * 1_000)
      this.#dateHash = hashText(this.#date)
    } else if (signer === this.#by && expirySeconds === this.#expirySeconds) return
    this.#by = signer
    this.#expirySeconds = expirySeconds
    this.#query = `?X-Amz-Credential=${signer}&X-Amz-Date=${this.#date}&X-Amz-Expires=${expirySeconds}&X-Amz-Signature=`
  }

  /** Undefined for anything that does not look as `presign` writes it. */
  read(url: string): PresignedUrl | undefined {
    // REMEMBERED divides 10⁹: more digits would not change the place.
    const place = numberAtEnd(url) % REMEMBERED
    return this.#urls[place] === url ? this.#signed[place] : readPresigned(url)
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
  const datedMs = amzDateMs(date) ?? Number.NaN
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
