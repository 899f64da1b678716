// Uploads in parts: what clients do with bodies whose length they do not know, and with large ones.
import { createHash } from 'node:crypto'
import type { Headers } from '../sigv4.ts'
import { receive, sizeOf } from './body.ts'
import { documentIn } from './buckets.ts'
import { mustBeFree } from './conditions.ts'
import { naming } from './listing.ts'
import { keptOf, type Work } from './objects.ts'
import { Refusal } from './refusals.ts'
import { type Reply, xmlReply } from './reply.ts'
import { mustBeKey, type S3Request } from './request.ts'
import { Reservation } from './storage.ts'
import { all, type Element, readXml, textIn, xml } from './xml.ts'

interface Part {
  readonly bytes: Buffer
  readonly etag: string
  readonly atMs: number
}

interface Upload {
  readonly id: string
  readonly bucket: string
  readonly key: string
  readonly headers: Headers
  readonly atMs: number
  readonly parts: Map<number, Part>
}

const SMALLEST_PART = 5 << 20
const MOST_PARTS = 10_000

/** Uploads under way. */
export class Uploads {
  readonly #uploads = new Map<string, Upload>()

  begin({ request, storage, now }: Work): Reply {
    const { bucket, key, headers } = request
    mustBeKey(key)
    storage.bucket(bucket)
    const id = crypto.randomUUID()
    const begun = { id, bucket, key, headers: keptOf(headers), atMs: now(), parts: new Map() }
    this.#uploads.set(id, begun)
    return xmlReply(xml(['InitiateMultipartUploadResult', named(begun)]))
  }

  async put(work: Work): Promise<Reply> {
    const { request, signed, storage, now } = work
    const number = Number(request.query.get('partNumber'))
    if (!Number.isInteger(number) || number < 1) throw new Refusal('badPart')
    if (number > MOST_PARTS) throw new Refusal('badPartNumber')
    storage.bucket(request.bucket)
    this.#find(request)
    storage.mustHold(sizeOf(request))
    using reservation = new Reservation(storage)
    const { bytes, md5 } = await receive(request, signed, (more) => reservation.grow(more))
    // It may have been completed or given up meanwhile.
    const { parts } = this.#find(request)
    storage.giveBack(parts.get(number)?.bytes.length ?? 0)
    reservation.keep()
    parts.set(number, { bytes, etag: md5, atMs: now() })
    return { status: 200, headers: { etag: `"${md5}"` } }
  }

  async complete(work: Work): Promise<Reply> {
    const { request, storage, now } = work
    if (!request.length) throw new Refusal('noParts')
    const asked = readXml(await documentIn(work), 'CompleteMultipartUpload')
    const listed = all(asked.Part).map((part) => ({
      number: Number(textIn(part, 'PartNumber')),
      etag: textIn(part, 'ETag').replaceAll('"', ''),
    }))
    if (listed.length === 0) throw new Refusal('noParts')
    if (listed.some(({ number }, i) => number <= (listed[i - 1]?.number ?? 0)))
      throw new Refusal('partOrder')
    const bucket = storage.bucket(request.bucket)
    const upload = this.#find(request)
    mustBeFree(request.headers, bucket.find(upload.key))
    const parts = chosen(upload, listed)
    const etag = `${md5Of(parts.map((part) => Buffer.from(part.etag, 'hex')))}-${parts.length}`
    const bytes = Buffer.concat(parts.map((part) => part.bytes))
    this.#uploads.delete(upload.id)
    storage.giveBack(sizeOfAll(upload) - bytes.length)
    storage.put(bucket, upload.key, { bytes, etag, headers: upload.headers }, now())
    const location = `http://${request.headers.host}/${upload.bucket}/${upload.key}`
    const { bucket: name, key } = upload
    const result: Element[] = [
      ['Location', location],
      ['Bucket', name],
      ['Key', key],
      ['ETag', `"${etag}"`],
    ]
    return xmlReply(xml(['CompleteMultipartUploadResult', result]))
  }

  abort({ request, storage }: Work): Reply {
    storage.bucket(request.bucket)
    const upload = this.#find(request)
    storage.giveBack(sizeOfAll(upload))
    this.#uploads.delete(upload.id)
    return { status: 204 }
  }

  listParts({ request, storage }: Work): Reply {
    storage.bucket(request.bucket)
    const upload = this.#find(request)
    const after = Number(request.query.get('part-number-marker') || 0)
    const parts = [...upload.parts].filter(([number]) => number > after).sort(([a], [b]) => a - b)
    return xmlReply(
      xml([
        'ListPartsResult',
        [
          ...named(upload),
          ['StorageClass', 'STANDARD'],
          ['PartNumberMarker', after],
          ['MaxParts', MOST_PARTS],
          ['IsTruncated', false],
          ...parts.map(
            ([number, { bytes, etag, atMs }]): Element => [
              'Part',
              [
                ['PartNumber', number],
                ['LastModified', new Date(atMs).toISOString()],
                ['ETag', `"${etag}"`],
                ['Size', bytes.length],
              ],
            ],
          ),
        ],
      ]),
    )
  }

  /** All of them at once: nobody has more under way than fit into a page. */
  list({ request, storage }: Work): Reply {
    const { bucket, query } = request
    storage.bucket(bucket)
    const prefix = query.get('prefix')
    const name = naming(query)
    const found = [...this.#uploads.values()]
      .filter((upload) => upload.bucket === bucket && upload.key.startsWith(prefix))
      .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    return xmlReply(
      xml([
        'ListMultipartUploadsResult',
        [
          ['Bucket', bucket],
          ['KeyMarker', name(query.get('key-marker'))],
          ['UploadIdMarker', query.get('upload-id-marker')],
          ['Prefix', name(prefix)],
          ['MaxUploads', MOST_PARTS],
          ['IsTruncated', false],
          ...found.map(
            ({ id, key, atMs }): Element => [
              'Upload',
              [
                ['Key', name(key)],
                ['UploadId', id],
                ['StorageClass', 'STANDARD'],
                ['Initiated', new Date(atMs).toISOString()],
              ],
            ],
          ),
        ],
      ]),
    )
  }

  #find({ bucket, key, query }: S3Request): Upload {
    const upload = this.#uploads.get(query.get('uploadId'))
    if (upload?.bucket !== bucket || upload.key !== key) throw new Refusal('noSuchUpload')
    return upload
  }
}

function named({ bucket, key, id }: Upload): readonly Element[] {
  return [
    ['Bucket', bucket],
    ['Key', key],
    ['UploadId', id],
  ]
}

function chosen(
  { parts }: Upload,
  listed: readonly { readonly number: number; readonly etag: string }[],
): readonly Part[] {
  return listed.map(({ number, etag }, i) => {
    const part = parts.get(number)
    if (part?.etag !== etag) throw new Refusal('badPart')
    if (part.bytes.length < SMALLEST_PART && i < listed.length - 1) throw new Refusal('tooSmall')
    return part
  })
}

function md5Of(pieces: readonly Buffer[]): string {
  return createHash('md5').update(Buffer.concat(pieces)).digest('hex')
}

function sizeOfAll({ parts }: Upload): number {
  return [...parts.values()].reduce((sum, { bytes }) => sum + bytes.length, 0)
}
