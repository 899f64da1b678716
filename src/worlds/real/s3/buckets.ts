// What is done with buckets, and with many of their objects at once.
import { checksumsIn, receive } from './body.ts'
import { OWNER } from './listing.ts'
import type { Work } from './objects.ts'
import { Refusal } from './refusals.ts'
import { type Reply, XML_TYPE, xmlReply } from './reply.ts'
import { mustBeName } from './request.ts'
import { all, type Element, readXml, textIn, xml } from './xml.ts'

/** A thousand keys of a kilobyte, every character of them escaped. */
const LARGEST_DOCUMENT = 8 << 20
const MOST_KEYS = 1_000

export function listBuckets({ storage }: Work): Reply {
  const buckets = storage.buckets().map(
    ({ name, createdMs }): Element => [
      'Bucket',
      [
        ['Name', name],
        ['CreationDate', new Date(createdMs).toISOString()],
      ],
    ],
  )
  return xmlReply(xml(['ListAllMyBucketsResult', [OWNER, ['Buckets', buckets]]]))
}

export async function makeBucket(work: Work): Promise<Reply> {
  const { request, storage, now } = work
  const text = await documentIn(work)
  if (text !== '') readXml(text, 'CreateBucketConfiguration')
  storage.make(request.bucket, now())
  return { status: 200, headers: { location: `/${request.bucket}` } }
}

export function headBucket({ request, storage }: Work): Reply {
  storage.bucket(request.bucket)
  return { status: 200, headers: XML_TYPE }
}

export function removeBucket({ request, storage }: Work): Reply {
  storage.removeBucket(request.bucket)
  return { status: 204 }
}

export function bucketLocation(region: string | undefined): (work: Work) => Reply {
  return ({ request, storage }) => {
    storage.bucket(request.bucket)
    return xmlReply(xml(['LocationConstraint', region ?? '']))
  }
}

/** Never switched on. */
export function bucketVersioning({ request, storage }: Work): Reply {
  storage.bucket(request.bucket)
  return xmlReply(xml(['VersioningConfiguration', '']))
}

export function bucketPolicy({ request, storage }: Work): Reply {
  storage.bucket(request.bucket)
  throw new Refusal('noSuchPolicy')
}

export async function removeObjects(work: Work): Promise<Reply> {
  const { request, storage, now } = work
  const { headers } = request
  if (headers['content-md5'] === undefined && Object.keys(checksumsIn(headers)).length === 0)
    throw new Refusal('noDigest')
  if (!request.length) throw new Refusal('noLength')
  const asked = readXml(await documentIn(work), 'Delete')
  const keys = all(asked.Object).map((object) => textIn(object, 'Key').replace(/^\//, ''))
  if (keys.length === 0 || keys.length > MOST_KEYS) throw new Refusal('malformedXml')
  const bucket = storage.bucket(request.bucket)
  const results = keys.map((key): Element => {
    const refusal = refusalOfName(key)
    if (refusal !== undefined) return ['Error', refusal]
    storage.remove(bucket, key, now())
    return ['Deleted', [['Key', key]]]
  })
  const isTold = ([name]: Element) => name === 'Error' || asked.Quiet !== 'true'
  return xmlReply(xml(['DeleteResult', results.filter(isTold)]))
}

/** A key that nothing can be called is the one thing here that fails alone. */
function refusalOfName(key: string): readonly Element[] | undefined {
  try {
    mustBeName(key)
    return undefined
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return [
      ['Code', error.code],
      ['Message', error.message],
      ['Key', key],
      ['VersionId', ''],
    ]
  }
}

/** A body that is an XML document. */
export async function documentIn({ request, signed }: Work): Promise<string> {
  if ((request.length ?? 0) > LARGEST_DOCUMENT) throw new Refusal('tooLarge')
  let taken = 0
  const { bytes } = await receive(request, signed, (more) => {
    taken += more
    if (taken > LARGEST_DOCUMENT) throw new Refusal('tooLarge')
  })
  return bytes.toString('utf8')
}
