// Requests as botocore 1.43.11 signs them, for keys and queries that are easily got wrong.
import type { Headers } from '../../../src/worlds/real/sigv4.ts'

export const HOST = '127.0.0.1:9000'
export const KEY = {
  accessKey: 'aftershock',
  secretKey: 'aftershock-secret',
  region: 'us-east-1',
}
export const DATE = '20251113T032050Z'

export interface Vector {
  readonly method: string
  readonly target: string
  readonly headers: Headers
  readonly payload: string
  /** Signed in the headers: which of them, and the signature. */
  readonly signed: readonly [names: string, signature: string]
  /** The signature of a URL of an hour. */
  readonly presigned: string
}

export const VECTORS: readonly Vector[] = [
  {
    method: 'GET',
    target: '/images/plain.jpg',
    headers: {},
    payload: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    signed: [
      'host;x-amz-content-sha256;x-amz-date',
      '58e2f72ed7b42b4f73e2da1274906ce45c88199ff511d3dba3a95ca6be48d822',
    ],
    presigned: '795427524281fec953efc2732e609b62b05fa3a226dbe6353111abacf4ec8f46',
  },
  {
    method: 'PUT',
    target: '/images/%E4%BA%BA%E6%95%B0%E7%BB%9F%E8%AE%A1/cam1/000001.jpg',
    headers: { 'content-type': 'image/jpeg', 'x-amz-meta-who': '  some   one ' },
    payload: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
    signed: [
      'content-type;host;x-amz-content-sha256;x-amz-date;x-amz-meta-who',
      '40617a3c1472ddeeb80a3f9dfaf4533672133acdf0d72ab9122c3ffa93ae88d8',
    ],
    presigned: 'bb82f1d20b58181bcb4dfe24574d790cf8ce4c5462eedd6dad7f2698a570368f',
  },
  {
    method: 'GET',
    target: '/images/a%20b%2Bc%25d%26e~f%27%28g%29%2A%21.jpg',
    headers: { range: 'bytes=1-2' },
    payload: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    signed: [
      'host;range;x-amz-content-sha256;x-amz-date',
      'aebee6a358026207a7e4132870241934d2f8f7445078dfdfa6cf15ec2e0082b4',
    ],
    presigned: '28fa12fafbc99ed7ea11082a8f3745d93050e9c2491c26fd8e9002228de369c7',
  },
  {
    method: 'GET',
    target:
      '/images?list-type=2&prefix=%E4%BA%BA%2F&delimiter=%2F&max-keys=10&start-after=a%20b%2Bc',
    headers: {},
    payload: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    signed: [
      'host;x-amz-content-sha256;x-amz-date',
      'efb3d7873075022574f5641a12a46e2b181b08750ff356d266872aa9d26a1ebd',
    ],
    presigned: '4dc0acbeba21782d995b009cd59fe426c45738f6b85f3e9091af0c9881782614',
  },
  {
    method: 'POST',
    target: '/images?delete=',
    headers: { 'content-md5': 'x' },
    payload: 'e2000f6b1fc1db795626ddaf9c13324157e9f56cb7820b40d7c3253a08ee5b91',
    signed: [
      'content-md5;host;x-amz-content-sha256;x-amz-date',
      '9be3766b5ee0ecdf4d95bb6009d4aa6888b237915b70c8d2e5c7f581372f4a09',
    ],
    presigned: 'd8eb98380b06dc04ad2c8ade1bf9ab41645f1a4924fd63d9f2ea2d265ac375aa',
  },
  {
    method: 'GET',
    target: '/images?location=',
    headers: {},
    payload: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    signed: [
      'host;x-amz-content-sha256;x-amz-date',
      'ac9801cf362c3ef9f8499813ae5a55c73405579ae7f635a2050fca4c7d12ace7',
    ],
    presigned: 'e24baf9a621a132d8c1f4cea88d23a80cea20ae5bafb36d91d29ef6821592691',
  },
  {
    method: 'GET',
    target: '/images?a-b=1&a=2',
    headers: {},
    payload: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    signed: [
      'host;x-amz-content-sha256;x-amz-date',
      '97890bf57aba2cb8585314e906bf6be8ee4b7223d70c7199f41dfd325d512982',
    ],
    presigned: '825d744c9f11f328fbccf88e528e254540888cd054c171e8a4abcc5f0ee34051',
  },
]
