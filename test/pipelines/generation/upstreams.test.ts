// What the worker makes of each answer that an upstream documents: which errors are for good, and which may be tried again.
import { expect, test } from 'vitest'
import { tryOnce } from '../../../src/pipelines/generation/upstreams.ts'
import type { Answer, Json } from '../../../src/worlds/world.ts'
import { type Main, play } from '../../run/play.ts'

const ark = (status: number, code: string): Answer => ({
  status,
  body: { error: { code, message: 'said', param: '', type: 'X' } },
})
const visual = (status: number, code: number): Answer => ({
  status,
  body: { code, status: code, message: 'said', data: null },
})

const cases: readonly (readonly [string, Answer, object])[] = [
  ['a picture', { status: 200, body: { url: 'x' } }, { ok: true, value: 'x' }],
  [
    'a 200 without one',
    { status: 200, body: { error: 'none' } },
    { why: 'bad-answer', isFinal: false },
  ],
  [
    'moderation of the output',
    ark(400, 'OutputImageSensitiveContentDetected'),
    { why: 'moderation', isFinal: true },
  ],
  [
    'moderation, with a reason',
    ark(400, 'InputTextSensitiveContentDetected.PrivacyInformation'),
    { why: 'moderation', isFinal: true },
  ],
  ['Pre Img Risk Not Pass', visual(400, 50_411), { why: 'moderation', isFinal: true }],
  ['Post Img Risk Not Pass', visual(400, 50_511), { why: 'upstream-error', isFinal: false }],
  ['Text Risk Not Pass', visual(400, 50_412), { why: 'moderation', isFinal: true }],
  [
    'a parameter that is wrong',
    ark(400, 'InvalidParameter.size'),
    { why: 'rejected', isFinal: true },
  ],
  ['no such key', ark(401, 'AuthenticationError'), { why: 'rejected', isFinal: true }],
  ['nothing on the account', ark(403, 'AccountOverdueError'), { why: 'rejected', isFinal: true }],
  ['no such model', ark(404, 'ModelNotOpen'), { why: 'rejected', isFinal: true }],
  [
    'images per minute',
    ark(429, 'ModelAccountIpmRateLimitExceeded'),
    { why: 'rate-limited', isFinal: false },
  ],
  [
    'API limit, with Retry-After',
    { ...visual(429, 50_429), headers: { 'retry-after': '7' } },
    { why: 'rate-limited', isFinal: false, retryAfterMs: 7_000 },
  ],
  ['concurrent limit', visual(429, 50_430), { why: 'rate-limited', isFinal: false }],
  ['Internal Error', visual(500, 50_500), { why: 'upstream-error', isFinal: false }],
  [
    'InternalServiceError',
    ark(500, 'InternalServiceError'),
    { why: 'upstream-error', isFinal: false },
  ],
  ['a connection that is cut', { status: 503, cut: true }, { why: 'network', isFinal: false }],
  [
    'an answer too late',
    { status: 200, body: { url: 'x' }, bodyLateMs: 9_000 },
    { why: 'read-timeout', isFinal: false },
  ],
]

test.each(cases)('%s', async (_name, answer, expected) => {
  const told: unknown[] = []
  const client: Main = async (host) => {
    const upstream = {
      host: 'upstream',
      route: 'ask',
      read: (body: Json) => (body as { readonly url?: string }).url,
    }
    told.push(await tryOnce(host, upstream, { timeouts: { totalMs: 2_000 } }))
  }
  const upstream: Main = (host) => host.serve('ask', () => answer)
  await play({ hosts: { upstream, client }, routes: ['ask'], forMs: 20_000 })
  expect(told).toEqual([{ ok: false, ...expected }])
})
