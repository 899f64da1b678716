// Every error that the upstreams document, one by one, as the worker's clients see it: its class, and whether it is final.
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { FRONT_END } from '../../../src/pipelines/generation/callbacks.ts'
import { IMAGE, SEEDREAM, SEGMENTATION, VISION } from '../../../src/pipelines/generation/stages.ts'
import type { Upstream } from '../../../src/pipelines/generation/upstreams.ts'
import { addressOf, UpstreamCaller } from './upstream-caller.ts'

let caller: UpstreamCaller
beforeAll(async () => {
  caller = await UpstreamCaller.start()
})
afterEach(() => nock.cleanAll())
afterAll(() => caller[Symbol.asyncDispose]())

type Interceptor = ReturnType<ReturnType<typeof nock>['post']>

interface Client {
  readonly upstream: Upstream<unknown>
  readonly answers: () => Interceptor
  /** A body that brings what was asked for, and what the client reads in it. */
  readonly good: readonly [body: nock.Body, read: unknown]
  readonly params?: Readonly<Record<string, string>>
}

const on = (host: string) => nock(addressOf(host))
const CLIENTS: Readonly<Record<string, Client>> = {
  vision: {
    upstream: VISION,
    answers: () => on('vision').post('/api/v3/chat/completions'),
    good: [
      { choices: [{ message: { content: '{"pet":true,"description":"a dog"}' } }] },
      { pet: true, description: 'a dog' },
    ],
  },
  seedream: {
    upstream: SEEDREAM,
    answers: () => on('seedream').post('/api/v3/images/generations'),
    good: [{ data: [{ url: 'https://ark/1.jpeg', size: '2048x2048' }] }, 'https://ark/1.jpeg'],
  },
  segmentation: {
    upstream: SEGMENTATION,
    answers: () => on('segmentation').post('/?Action=CVProcess&Version=2022-08-31'),
    good: [
      { code: 10_000, status: 10_000, message: 'Success', data: { image_urls: ['/images/1'] } },
      '/images/1',
    ],
  },
  image: {
    upstream: IMAGE,
    answers: () => on('segmentation').get('/images/task-1'),
    good: [{}, true],
    params: { task: 'task-1' },
  },
  'front-end': {
    upstream: FRONT_END,
    answers: () => on('front-end').post('/game-cute-pet-biz/api/callback/aiImg'),
    good: [{ code: 0, message: 'ok' }, true],
  },
}

const said = ({ upstream, params = {} }: Client, timeouts = {}) =>
  caller.said(upstream, { params, body: {}, timeouts: { totalMs: 5_000, ...timeouts } })

describe.each(Object.entries(CLIENTS))('%s', (_name, client) => {
  test('brings what was asked for', async () => {
    const [body, read] = client.good
    client.answers().reply(200, body)
    expect(await said(client)).toBe(`ok ${JSON.stringify(read)}`)
  })

  test.each([
    ['a connection that is refused', { code: 'ECONNREFUSED' }, 'network'],
    ['a connection that is reset', { code: 'ECONNRESET' }, 'network'],
    ['a broken pipe', { code: 'EPIPE' }, 'network'],
  ])('%s', async (message, fields, expected) => {
    client.answers().replyWithError(Object.assign(new Error(message), fields))
    expect(await said(client)).toBe(expected)
  })

  test('no answer in time', async () => {
    caller.isSilent = true
    try {
      expect(await said(client, { connectMs: 50, readMs: 50 })).toBe('read-timeout')
    } finally {
      caller.isSilent = false
    }
  })

  test('a body that is no JSON', async () => {
    client.answers().reply(200, '<html>502 Bad Gateway</html>')
    expect(await said(client)).toBe('bad-answer')
  })

  test.each([
    [500, 'upstream-error'],
    [502, 'upstream-error'],
    [503, 'upstream-error'],
    [504, 'upstream-error'],
    [400, 'rejected, final'],
    [404, 'rejected, final'],
    [413, 'rejected, final'],
  ])('a gateway that answers %i with an empty body', async (status, expected) => {
    client.answers().reply(status, '')
    expect(await said(client)).toBe(expected)
  })

  test('429, with how long to wait', async () => {
    client.answers().reply(429, {}, { 'Retry-After': '7' })
    expect(await said(client)).toBe('rate-limited, after 7000 ms')
  })
})

test.each(['vision', 'seedream', 'segmentation'])('%s: a 200 that brings nothing', async (name) => {
  const client = CLIENTS[name] as Client
  client.answers().reply(200, {})
  expect(await said(client)).toBe('bad-answer')
})

test('vision: a model that answers in prose', async () => {
  const client = CLIENTS.vision as Client
  client.answers().reply(200, { choices: [{ message: { content: 'A small white dog.' } }] })
  expect(await said(client)).toBe('bad-answer')
})

/** Ark's own, with the type that goes with the status. */
const ARK: readonly (readonly [status: number, code: string, type: string, expected: string])[] = [
  ...['InputText', 'InputImage', 'OutputImage'].flatMap((what) =>
    [
      'SensitiveContentDetected',
      'SensitiveContentDetected.PrivacyInformation',
      'RiskDetection',
    ].map((why) => [400, `${what}${why}`, 'BadRequest', 'moderation, final'] as const),
  ),
  [400, 'InvalidParameter.size', 'BadRequest', 'rejected, final'],
  [400, 'MissingParameter.prompt', 'BadRequest', 'rejected, final'],
  [401, 'AuthenticationError', 'Unauthorized', 'rejected, final'],
  [403, 'AccountOverdueError', 'Forbidden', 'rejected, final'],
  [403, 'AccessDenied', 'Forbidden', 'rejected, final'],
  [404, 'InvalidEndpointOrModel.NotFound', 'NotFound', 'rejected, final'],
  [404, 'ModelNotOpen', 'NotFound', 'rejected, final'],
  ...[
    'ModelAccountIpmRateLimitExceeded',
    'ModelAccountRpmRateLimitExceeded',
    'ModelAccountTpmRateLimitExceeded',
    'RateLimitExceeded.EndpointRPMExceeded',
    'QuotaExceeded',
    'SetLimitExceeded',
    'ServerOverloaded',
    'RequestBurstTooFast',
    'AccountRateLimitExceeded',
  ].map((code) => [429, code, 'TooManyRequests', 'rate-limited'] as const),
  [500, 'InternalServiceError', 'InternalServerError', 'upstream-error'],
]

describe.each(['vision', 'seedream'])('%s, with an error of Ark', (name) => {
  test.each(ARK)('%i %s', async (status, code, type, expected) => {
    const client = CLIENTS[name] as Client
    const message = `The request failed. Request id: 0217`
    client.answers().reply(status, { error: { code, message, param: '', type } })
    expect(await said(client)).toBe(expected)
  })
})

test.each([
  ['OutputImageSensitiveContentDetected', 'moderation, final'],
  ['InternalServiceError', 'upstream-error'],
])('seedream: a picture of a group that failed inside a 200: %s', async (code, expected) => {
  const client = CLIENTS.seedream as Client
  const usage = { generated_images: 0, output_tokens: 0, total_tokens: 0 }
  client.answers().reply(200, { data: [{ error: { code, message: 'failed' } }], usage })
  expect(await said(client)).toBe(expected)
})

/** The visual API's: data is null, and status repeats the code. */
const VISUAL: readonly (readonly [http: number, code: number, says: string, expected: string])[] = [
  [400, 50_411, 'Pre Img Risk Not Pass', 'moderation, final'],
  [400, 50_412, 'Text Risk Not Pass', 'moderation, final'],
  [400, 50_413, 'Post Text Risk Not Pass', 'moderation, final'],
  [400, 50_512, 'Pre Text Risk Not Pass', 'moderation, final'],
  [400, 50_518, 'Pre Img Copyright Risk', 'moderation, final'],
  [400, 50_519, 'Post Img Copyright Risk', 'moderation, final'],
  // Another picture of the same request may pass.
  [400, 50_511, 'Post Img Risk Not Pass', 'upstream-error'],
  [400, 50_520, 'Risk Internal Error', 'upstream-error'],
  [400, 50_521, 'Antidirt Internal Error', 'upstream-error'],
  [400, 50_522, 'Image Copyright Internal Error', 'upstream-error'],
  [429, 50_429, 'Request Has Reached API Limit, Please Try Later', 'rate-limited'],
  [429, 50_430, 'Request Has Reached API Concurrent Limit, Please Try Later', 'rate-limited'],
  [500, 50_500, 'Internal Error', 'upstream-error'],
  [500, 50_501, 'Internal RPC Error', 'upstream-error'],
  [400, 61_003, 'do not contain segment object', 'rejected, final'],
]

describe('segmentation, with an error of the visual API', () => {
  test.each(VISUAL)('%i %i %s', async (status, code, message, expected) => {
    const client = CLIENTS.segmentation as Client
    client.answers().reply(status, { code, status: code, message, data: null, request_id: '1' })
    expect(await said(client)).toBe(expected)
  })

  test.each(VISUAL)(
    'inside a 200, as some gateways send it: %i %i %s',
    async (_http, code, message, expected) => {
      const client = CLIENTS.segmentation as Client
      client.answers().reply(200, { code, status: code, message, data: null, request_id: '1' })
      expect(await said(client)).toBe(expected)
    },
  )

  test('a success without the picture: only its bytes, as newer versions answer', async () => {
    const client = CLIENTS.segmentation as Client
    const data = { binary_data_base64: ['/9j/'], image_urls: [] }
    client.answers().reply(200, { code: 10_000, status: 10_000, message: 'Success', data })
    expect(await said(client)).toBe('bad-answer')
  })
})
