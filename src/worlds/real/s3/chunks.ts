// Bodies sent as `aws-chunked`: taken out of their chunks, each chunk's signature and the trailer's checked.
import { type Claim, chunkSignature, isSame, sha256 } from '../sigv4.ts'
import { Pieces } from './pieces.ts'
import { Refusal } from './refusals.ts'

export const SIGNED_CHUNKS = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD'
export const SIGNED_CHUNKS_AND_TRAILER = `${SIGNED_CHUNKS}-TRAILER`
export const UNSIGNED_CHUNKS = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

const LARGEST_CHUNK = 16 << 20
const LONGEST_LINE = 4_096

/** Each chunk is signed together with the one before it, so none can be left out or come twice. */
class Chain {
  readonly #claim: Claim
  readonly #secretKey: string
  #last: string

  constructor(claim: Claim, signature: string, secretKey: string) {
    this.#claim = claim
    this.#last = signature
    this.#secretKey = secretKey
  }

  mustContinue(signature: string, data: Buffer | string, trails = false): void {
    const chunk = { hash: sha256(data), trails }
    const own = chunkSignature(chunk, this.#last, this.#claim, this.#secretKey)
    if (!isSame(signature, own)) throw new Refusal('badSignature')
    this.#last = own
  }
}

export interface Coding {
  readonly claim: Claim
  readonly signature: string
  readonly secretKey: string
  /** Names of the headers that come after the body, in lower case. */
  readonly announced: readonly string[]
}

export function isChunked(payload: string): boolean {
  return [SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER, UNSIGNED_CHUNKS].includes(payload)
}

/** The data of the chunks; what comes after them is put into `trailer`. */
export async function* decoded(
  body: AsyncIterable<Buffer>,
  { claim, signature, secretKey, announced }: Coding,
  trailer: Map<string, string>,
): AsyncGenerator<Buffer> {
  const pieces = new Pieces(body)
  const isSigned = claim.payload !== UNSIGNED_CHUNKS
  const chain = isSigned ? new Chain(claim, signature, secretKey) : undefined
  for (;;) {
    const { size, signed } = headOf(await pieces.line(LONGEST_LINE), isSigned)
    const data = await pieces.bytes(size)
    chain?.mustContinue(signed, data)
    if (size === 0) break
    if ((await pieces.line(0)) !== '') throw new Refusal('badChunk')
    yield data
  }
  if (claim.payload !== SIGNED_CHUNKS) await readTrailer(pieces, chain, announced, trailer)
}

/** `10000;chunk-signature=<64 digits>`, or the size alone. */
function headOf(line: string, isSigned: boolean): { size: number; signed: string } {
  const found = isSigned
    ? /^([\da-f]{1,8});chunk-signature=([\da-f]{64})$/i.exec(line)
    : /^([\da-f]{1,8})$/i.exec(line)
  if (found === null) throw new Refusal('badChunk')
  const [, digits = '', signed = ''] = found
  const size = Number.parseInt(digits, 16)
  if (size > LARGEST_CHUNK) throw new Refusal('chunkTooLarge')
  return { size, signed }
}

async function readTrailer(
  pieces: Pieces,
  chain: Chain | undefined,
  announced: readonly string[],
  trailer: Map<string, string>,
): Promise<void> {
  let text = ''
  let isSigned = chain === undefined
  for (;;) {
    const line = await pieces.line(LONGEST_LINE)
    if (line === '') break
    const at = line.indexOf(':')
    if (at <= 0) throw new Refusal('badChunk')
    const [name, value] = [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
    if (name === 'x-amz-trailer-signature' && chain !== undefined) {
      chain.mustContinue(value, text, true)
      isSigned = true
    } else if (isSigned !== (chain === undefined) || !announced.includes(name))
      throw new Refusal('badChunk')
    else trailer.set(name, value)
    text += `${line.trim()}\n`
  }
  if (!isSigned) throw new Refusal('badChunk')
  if (!announced.every((name) => trailer.has(name))) throw new Refusal('incomplete')
}
