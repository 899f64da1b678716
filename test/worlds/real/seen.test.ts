// What a request to the store is, whichever client sends it: a name that rules and faults know, or nothing of theirs.
import { expect, test } from 'vitest'
import { seenIn } from '../../../src/worlds/real/interposer/seen.ts'
import { Routes } from '../../../src/worlds/real/routes.ts'
import { STORE_NAME, STORE_ROUTES } from '../../../src/worlds/world.ts'

const seen = (request: string, body = '') => {
  const [method = '', target = ''] = request.split(' ')
  return seenIn(STORE_NAME, method, target, Buffer.from(body), {}, new Routes({}))
}
const CAMERA = '/images/%E4%BA%BA%E6%95%B0%E7%BB%9F%E8%AE%A1/cam1/1.jpg'
const KEY = '人数统计/cam1/1.jpg'

test.each([
  ['put', `PUT ${CAMERA}`],
  ['put', `PUT ${CAMERA}?x-id=PutObject`],
  ['put', `POST ${CAMERA}?uploadId=u1`],
  ['head', `HEAD ${CAMERA}`],
  ['delete', `DELETE ${CAMERA}`],
  ['fetch', `GET ${CAMERA}?X-Amz-Signature=abc&X-Amz-Expires=3600`],
  // With the client's own keys instead of a URL that was signed beforehand.
  ['fetch', `GET ${CAMERA}`],
  ['fetch', `GET ${CAMERA}?x-id=GetObject&versionId=1`],
])('%s: %s', (route, request) => {
  expect(STORE_ROUTES).toContain(route)
  expect(seen(request)).toEqual({ op: route, route, key: KEY })
})

test.each([
  ['list', 'GET /images?list-type=2&prefix=cam%2F', 'cam/'],
  ['list', 'GET /images/?versions', ''],
])('%s: %s', (route, request, key) => {
  expect(seen(request)).toEqual({ op: route, route, key })
})

test('many are deleted at once', () => {
  const body =
    '<Delete><Object><Key>a&amp;b.jpg</Key></Object><Object><Key>c.jpg</Key></Object></Delete>'
  const keys = ['a&b.jpg', 'c.jpg']
  expect(seen('POST /images?delete', body)).toEqual({
    op: 'delete',
    route: 'deleteMany',
    key: '',
    keys,
  })
})

test.each([
  'GET /',
  'HEAD /images',
  'PUT /images',
  'GET /images?location=',
  'GET /images?events=s3%3AObjectCreated%3A*&prefix=&suffix=',
  'GET /images?notification=',
  `POST ${CAMERA}?uploads`,
  `PUT ${CAMERA}?partNumber=1&uploadId=u1`,
  `DELETE ${CAMERA}?uploadId=u1`,
  `PUT ${CAMERA}?tagging`,
  `GET ${CAMERA}?acl`,
])('nothing of ours: %s', (request) => {
  expect(seen(request)).toBeUndefined()
})
