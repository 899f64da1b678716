// A task as Celery takes it from Redis: the whole of a message of protocol v2.
import { expect, test } from 'vitest'
import { celeryMessage } from '../../../src/pipelines/process/celery.ts'
import { offer } from '../../../src/pipelines/process/offer.ts'

const TRACE = '00-00000007aaaaaaaaaaaaaaaaaaaaaaaa-bbbbbbbbbbbbbbbb-01'
const ID = '00000007-0000-4000-8000-000000000000'

test('a message of protocol v2 names the task, its id and its trace, and holds its arguments', () => {
  const read = offer.parse({
    kind: 'celery',
    task: 'tasks.generate',
    args: ['{item}', 2],
    kwargs: { prompt: 'a cat' },
    queue: 'images',
  })
  if (read.kind !== 'celery') throw new Error('it was read as something else')
  const known = (name: string) => (name === 'item' ? '00000007' : undefined)
  const { body, ...envelope } = JSON.parse(celeryMessage(read, known, TRACE))
  expect(JSON.parse(Buffer.from(body, 'base64').toString('utf8'))).toEqual([
    ['00000007', 2],
    { prompt: 'a cat' },
    { callbacks: null, errbacks: null, chain: null, chord: null },
  ])
  expect(envelope).toEqual({
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: {
      lang: 'py',
      task: 'tasks.generate',
      id: ID,
      shadow: null,
      eta: null,
      expires: null,
      group: null,
      group_index: null,
      retries: 0,
      timelimit: [null, null],
      root_id: ID,
      parent_id: null,
      argsrepr: '["00000007",2]',
      kwargsrepr: '{"prompt":"a cat"}',
      origin: 'aftershock',
      ignore_result: false,
      replaced_task_nesting: 0,
      stamped_headers: null,
      stamps: {},
      traceparent: TRACE,
    },
    properties: {
      correlation_id: ID,
      reply_to: ID,
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: 'images' },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: ID,
    },
  })
})
