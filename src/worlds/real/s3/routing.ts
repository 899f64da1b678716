// Which operation a request asks for, by its method, by whether it names a key, and by its query.
import {
  bucketLocation,
  bucketPolicy,
  bucketVersioning,
  headBucket,
  listBuckets,
  makeBucket,
  removeBucket,
  removeObjects,
} from './buckets.ts'
import { listObjects, listObjectsV2 } from './listing.ts'
import type { Uploads } from './multipart.ts'
import {
  copyObject,
  getObject,
  mustBeUpload,
  putObject,
  removeObject,
  type Work,
} from './objects.ts'
import { Refusal } from './refusals.ts'
import type { Reply } from './reply.ts'
import type { S3Request } from './request.ts'

export interface Operation {
  /** What can be refused without knowing who asks. */
  readonly admit?: (request: S3Request) => void
  readonly run: (work: Work) => Reply | Promise<Reply>
  /** Whatever region it is signed for: clients ask these to find it out. */
  readonly anyRegion?: true
}

/** Parameters that ask for something else of a bucket or an object; those that are not served are refused. */
const SUBRESOURCES = [
  'accelerate',
  'acl',
  'attributes',
  'cors',
  'encryption',
  'legal-hold',
  'lifecycle',
  'logging',
  'notification',
  'object-lock',
  'replication',
  'requestPayment',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
  'versionId',
  'versions',
  'website',
]

export class Routing {
  readonly #uploads: Uploads
  readonly #region: string | undefined

  constructor(uploads: Uploads, region: string | undefined) {
    this.#uploads = uploads
    this.#region = region
  }

  /** Undefined where S3 has none such. */
  operationOf(request: S3Request): Operation | undefined {
    const { bucket, key, query } = request
    if (SUBRESOURCES.some((name) => query.has(name))) throw new Refusal('notImplemented')
    if (bucket === '') return key === '' ? this.#ofService(request) : undefined
    return key === '' ? this.#ofBucket(request) : this.#ofObject(request)
  }

  #ofService({ method }: S3Request): Operation | undefined {
    return method === 'GET' ? { run: listBuckets, anyRegion: true } : undefined
  }

  #ofBucket({ method, query }: S3Request): Operation | undefined {
    switch (method) {
      case 'GET':
        if (query.has('location')) return { run: bucketLocation(this.#region), anyRegion: true }
        if (query.has('versioning')) return { run: bucketVersioning }
        if (query.has('policy')) return { run: bucketPolicy }
        if (query.has('uploads')) return { run: (work) => this.#uploads.list(work) }
        return { run: query.get('list-type') === '2' ? listObjectsV2 : listObjects }
      case 'HEAD':
        return { run: headBucket }
      case 'PUT':
        return { run: makeBucket }
      case 'DELETE':
        return { run: removeBucket }
      case 'POST':
        return query.has('delete') ? { run: removeObjects } : undefined
      default:
        return undefined
    }
  }

  #ofObject({ method, query, headers }: S3Request): Operation | undefined {
    const uploads = this.#uploads
    const isPart = query.has('uploadId')
    switch (method) {
      case 'GET':
        return { run: isPart ? (work) => uploads.listParts(work) : getObject }
      case 'HEAD':
        return { run: getObject }
      case 'PUT':
        if (headers['x-amz-copy-source'] !== undefined) {
          if (isPart) throw new Refusal('notImplemented')
          return { run: copyObject }
        }
        return { admit: mustBeUpload, run: isPart ? (work) => uploads.put(work) : putObject }
      case 'DELETE':
        return { run: isPart ? (work) => uploads.abort(work) : removeObject }
      case 'POST':
        if (isPart) return { run: (work) => uploads.complete(work) }
        return query.has('uploads') ? { run: (work) => uploads.begin(work) } : undefined
      default:
        return undefined
    }
  }
}
