// What the server refuses, and in which words: MinIO's statuses, codes and messages.
import {
  BAD_SIGNATURE,
  NO_SUCH_KEY,
  type StoreAnswer,
  TOO_LONG,
  TOO_SKEWED,
} from '../../store/store.ts'

/** All that a client is told of it. */
export type Answer = Pick<StoreAnswer, 'status' | 'code' | 'message'>

const answer = (status: number, code: string, message: string): Answer => ({
  status,
  code,
  message,
})
const inQuery = (message: string) => answer(400, 'AuthorizationQueryParametersError', message)
const argument = (message: string) => answer(400, 'InvalidArgument', message)
const request = (message: string) => answer(400, 'InvalidRequest', message)

const REFUSED = {
  // Who asks, and when.
  accessDenied: answer(403, 'AccessDenied', 'Access Denied.'),
  badSignature: BAD_SIGNATURE,
  tooSkewed: TOO_SKEWED,
  expiresTooLong: TOO_LONG,
  unknownKey: answer(
    403,
    'InvalidAccessKeyId',
    'The Access Key Id you provided does not exist in our records.',
  ),
  noDate: answer(
    400,
    'AccessDenied',
    'AWS authentication requires a valid Date or x-amz-date header',
  ),
  badDate: answer(
    400,
    'MalformedDate',
    'Invalid date format header, expected to be in ISO8601, RFC1123 or RFC1123Z time format.',
  ),
  unsignedHeaders: answer(
    400,
    'AccessDenied',
    'There were headers present in the request which were not signed',
  ),
  unsupportedSignature: request(
    'The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.',
  ),
  severalSignatures: request(
    'Invalid Request (request has multiple authentication types, please use one)',
  ),
  missingFields: answer(400, 'MissingFields', 'Missing fields in request.'),
  missingCredential: request('Missing Credential field for this request.'),
  missingSignature: answer(400, 'AccessDenied', 'Signature header missing Signature field.'),
  missingSignedHeaders: argument('Signature header missing SignedHeaders field.'),
  missingParameters: inQuery(
    'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
  ),
  badAlgorithm: inQuery('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256".'),
  badPresignedDate: inQuery(`X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd'T'HHmmss'Z'"`),
  badExpires: inQuery('X-Amz-Expires should be a number'),
  negativeExpires: inQuery('X-Amz-Expires must be non-negative'),
  badCredential: inQuery(
    'Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".',
  ),
  badCredentialDay: inQuery(
    'Error parsing the X-Amz-Credential parameter; incorrect date format. This date in the credential must be in the format "yyyyMMdd".',
  ),
  badTerminal: inQuery(
    'Error parsing the X-Amz-Credential parameter; incorrect terminal. This endpoint uses "aws4_request".',
  ),
  badService: answer(
    400,
    'AuthorizationParametersError',
    'Error parsing the Credential/X-Amz-Credential parameter; incorrect service. This endpoint belongs to "s3".',
  ),

  // What a request looks like.
  badResource: answer(
    400,
    'XMinioInvalidResourceName',
    'Resource name contains bad components such as ".." or ".".',
  ),
  badBucketName: answer(400, 'InvalidBucketName', 'The specified bucket is not valid.'),
  badKey: answer(400, 'XMinioInvalidObjectName', 'Object name contains unsupported characters.'),
  keyTooLong: answer(400, 'KeyTooLongError', 'Your key is too long'),
  headersTooLarge: answer(
    400,
    'MetadataTooLarge',
    'Your metadata headers exceed the maximum allowed metadata size.',
  ),
  notImplemented: answer(
    501,
    'NotImplemented',
    'A header you provided implies functionality that is not implemented',
  ),
  malformedXml: answer(
    400,
    'MalformedXML',
    'The XML you provided was not well-formed or did not validate against our published schema.',
  ),
  badMaxKeys: argument('Argument maxKeys must be an integer between 0 and 2147483647'),
  badEncoding: argument('Invalid Encoding Method specified in Request'),
  badToken: argument('The continuation token provided is incorrect'),
  badCopySource: argument(
    'Copy Source must mention the source bucket and key: sourcebucket/sourcekey.',
  ),
  badDirective: argument('Unknown metadata directive.'),
  copyToItself: request(
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  ),

  // What it brings.
  noLength: answer(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.'),
  noDigest: answer(
    400,
    'MissingContentMD5',
    'Missing or invalid required header for this request: Content-Md5 or Amz-Content-Checksum',
  ),
  badDigestHeader: answer(400, 'InvalidDigest', 'The Content-Md5 you specified is not valid.'),
  badDigest: answer(
    400,
    'BadDigest',
    'The Content-Md5 you specified did not match what we received.',
  ),
  badChecksumHeader: argument('Invalid checksum provided.'),
  badPayloadHash: answer(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  ),
  badChecksum: answer(
    400,
    'XAmzContentChecksumMismatch',
    "The provided 'x-amz-checksum' header does not match what was computed.",
  ),
  badChunk: answer(400, 'BadRequest', 'malformed chunked encoding'),
  chunkTooLarge: answer(400, 'BadRequest', 'chunk too big: choose chunk size <= 16MiB'),
  incomplete: answer(
    400,
    'IncompleteBody',
    'You did not provide the number of bytes specified by the Content-Length HTTP header.',
  ),
  excess: answer(400, 'ExcessData', 'More data provided than indicated content length'),
  tooLarge: answer(
    400,
    'EntityTooLarge',
    'Your proposed upload exceeds the maximum allowed object size.',
  ),
  tooSmall: answer(
    400,
    'EntityTooSmall',
    'Your proposed upload is smaller than the minimum allowed object size.',
  ),
  full: answer(
    507,
    'XMinioStorageFull',
    'Storage backend has reached its minimum free drive threshold. Please delete a few objects to proceed.',
  ),

  // What there is.
  noSuchKey: NO_SUCH_KEY,
  noSuchBucket: answer(404, 'NoSuchBucket', 'The specified bucket does not exist'),
  noSuchPolicy: answer(404, 'NoSuchBucketPolicy', 'The bucket policy does not exist'),
  noSuchUpload: answer(
    404,
    'NoSuchUpload',
    'The specified multipart upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  ),
  bucketExists: answer(
    409,
    'BucketAlreadyOwnedByYou',
    'Your previous request to create the named bucket succeeded and you already own it.',
  ),
  bucketNotEmpty: answer(409, 'BucketNotEmpty', 'The bucket you tried to delete is not empty'),
  precondition: answer(
    412,
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
  ),
  badRange: answer(416, 'InvalidRange', 'The requested range is not satisfiable'),
  noParts: request('You must specify at least one part'),
  badPart: answer(
    400,
    'InvalidPart',
    "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
  ),
  badPartNumber: argument('Part number must be an integer between 1 and 10000, inclusive'),
  partOrder: answer(
    400,
    'InvalidPartOrder',
    'The list of parts was not in ascending order. The parts list must be specified in order by part number.',
  ),

  // Us.
  ourBug: answer(500, 'InternalError', 'We encountered an internal error, please try again.'),
} satisfies Readonly<Record<string, Answer>>

export type Reason = keyof typeof REFUSED

export interface Details {
  readonly message?: string
  readonly headers?: Readonly<Record<string, string>>
  /** More elements of the error's XML, after the others. */
  readonly elements?: readonly (readonly [string, string])[]
}

/** Why a request is not done. Expected trouble: the server writes it to the client. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly details: Details

  constructor(reason: Reason | Answer, details: Details = {}) {
    const { status, code, message } = typeof reason === 'string' ? REFUSED[reason] : reason
    super(details.message ?? message)
    this.name = 'Refusal'
    this.status = status
    this.code = code ?? ''
    this.details = details
  }
}
