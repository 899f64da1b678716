// Secrets in text: signatures of URLs, tokens, keys and passwords go; everything else stays as it is.
import { expect, test } from 'vitest'
import { redact, redacted } from '../../src/base/redact.ts'

const SIGNATURE = 'f0e1d2c3b4a5968778695a4b3c2d1e0ff0e1d2c3b4a5968778695a4b3c2d1e0f'

test.each([
  [
    'a presigned URL',
    `GET http://127.0.0.1:9000/b/k.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20251113%2Fus-east-1&X-Amz-Date=20251113T112217Z&X-Amz-Expires=60&X-Amz-Signature=${SIGNATURE} 403`,
    'GET http://127.0.0.1:9000/b/k.jpg?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=[redacted]&X-Amz-Date=20251113T112217Z&X-Amz-Expires=60&X-Amz-Signature=[redacted] 403',
  ],
  [
    'one of the older kind',
    'https://s3.example/k?AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1&Signature=vjbyPxybdZaNmGa%2ByT272YEAiv4%3D',
    'https://s3.example/k?AWSAccessKeyId=[redacted]&Expires=1&Signature=[redacted]',
  ],
  [
    'a signed header',
    `authorization: AWS4-HMAC-SHA256 Credential=minioadmin/20251113/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=${SIGNATURE}`,
    'authorization: AWS4-HMAC-SHA256 Credential=[redacted], SignedHeaders=host, Signature=[redacted]',
  ],
  ['a bearer', 'Authorization: Bearer abc.def-123456', 'Authorization: Bearer [redacted]'],
  [
    'a login in a URL',
    'redis://default:hunter2@127.0.0.1:6379',
    'redis://default:[redacted]@127.0.0.1:6379',
  ],
  [
    'a URL in a URL',
    'go?to=%2Fk%3FX-Amz-Signature%3Dabc&x=1',
    'go?to=%2Fk%3FX-Amz-Signature%3D[redacted]&x=1',
  ],
  ['JSON', '{"api_key":"12ab","model":"m"}', '{"api_key":"[redacted]","model":"m"}'],
  [
    'JSON within JSON',
    '{"body":"{\\"token\\":\\"t1\\"}"}',
    '{"body":"{\\"token\\":\\"[redacted]\\"}"}',
  ],
  [
    'a variable',
    'MINIO_ROOT_PASSWORD=hunter2 SECRET_KEY=x1',
    'MINIO_ROOT_PASSWORD=[redacted] SECRET_KEY=[redacted]',
  ],
  ['a web token', 'got eyJhbGciOi.eyJzdWIiOi.c2ln back', 'got [redacted] back'],
  [
    'a key that says what it is',
    'AKIAIOSFODNN7EXAMPLE sk-abcdefghij0123456789',
    '[redacted] [redacted]',
  ],
])('%s', (_, text, safe) => {
  expect(redact(text)).toBe(safe)
  expect(redact(safe)).toBe(safe)
})

test.each([
  'Request has expired',
  'SignatureDoesNotMatch: The request signature we calculated does not match the signature you provided.',
  'http://127.0.0.1:9000/bucket/task-1/00000007.jpg',
  'NoSuchKey: The specified key does not exist.',
  'InvalidAccessKeyId The Access Key Id you provided does not exist in our records.',
  'attempts{route:fetch,class:http-403,code:AccessDenied}: rate>=0.99',
  'wait 10:30 for https://a.example:443/x@2x.png',
])('%s stays', (text) => {
  expect(redact(text)).toBe(text)
})

test('data keeps its shape, and is the same where nothing was taken out', () => {
  const clean = { a: [1, 'x'], b: { c: null } }
  expect(redacted(clean)).toBe(clean)
  expect(redacted({ a: [{ 'k?sig=1': 'token=2' }], n: 3 })).toEqual({
    a: [{ 'k?sig=[redacted]': 'token=[redacted]' }],
    n: 3,
  })
})
