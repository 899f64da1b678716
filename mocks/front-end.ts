// The front end: asks for pictures, is called back when they are done, and asks again when it was not told.
import { z } from 'zod'
import { ByKey, type Keyed } from '../src/base/by-key.ts'
import { duration, positiveDuration } from '../src/base/fields.ts'
import { numberAtEnd } from '../src/base/number-at-end.ts'
import {
  CallError,
  type EntryRequest,
  type Host,
  type Item,
  type Json,
  type Request,
} from '../src/worlds/world.ts'
import { modelOptions, serveModel } from './service-model.ts'

export const CALLBACK = {
  method: 'POST',
  path: '/game-cute-pet-biz/api/callback/aiImg',
  key: 'body.params.data.task_id',
} as const

export const frontEndOptions = z.strictObject({
  ...modelOptions({ time: { mean: '200ms', p99: '1s' }, concurrency: 100, bears: 50 }),
  asksAgain: z
    .strictObject({
      after: positiveDuration.prefault('5m').meta({ description: 'Not told for so long' }),
      times: z.int().min(0).max(100).default(1),
    })
    .prefault({}),
  patience: duration
    .default(10_000)
    .meta({ description: 'How long it waits for a request to be taken' }),
})
type Options = z.output<typeof frontEndOptions>

export const TOLD = 'told that it is done'
export const TOLD_FAILURE = 'told that it failed'
export const ASKED_AGAIN = 'asked again: not told'

export const frontEnd = {
  kind: 'front-end',
  options: frontEndOptions,
  main(host: Host, options: Options, api: string): void {
    const told = new ByKey<Told>()
    const noticeOf = (key: string) => told.get(key, numberAtEnd(key))
    const isTold = (key: string) => noticeOf(key) !== undefined
    const seen = new Set<string>()
    const repeated = host.counter('callbacks_repeated')
    const recognised = host.counter('callbacks_recognised')
    const receive = (request: Request) => {
      const { key, status, idempotencyKey } = noticeIn(request)
      const known = noticeOf(key)
      // A success that is told after a failure, of a second request, is news.
      if (known === undefined)
        told.add({ key, item: numberAtEnd(key), sameItem: undefined, status })
      else if (known.status === status) repeated.add()
      else known.status = status
      if (idempotencyKey !== undefined) {
        if (seen.has(idempotencyKey)) recognised.add()
        seen.add(idempotencyKey)
      }
      host.log(status === 'success' ? TOLD : TOLD_FAILURE, key)
    }
    serveModel(host, options, {
      route: 'callback',
      taskOf: (request) => noticeIn(request).key,
      error: () => ({ status: 500, body: { code: 500, message: 'internal error' } }),
      limited: () => ({ status: 429, body: { code: 429, message: 'too many requests' } }),
      answer: () => ({ status: 200, body: { code: 0, message: 'ok' } }),
      begins: receive,
    })
    host.intake((item) => void ask(host, options, api, item, isTold), {
      to: [api],
      route: SUBMIT,
      request: (item) => requestFor(keyOf(item), options.patience),
    })
  },
} as const

/** What it was last told of a task. */
interface Told extends Keyed<Told> {
  status: string
}

const SUBMIT = 'submit'
const keyOf = ({ id }: Item) => `task-${id}`

function requestFor(key: string, totalMs: number): EntryRequest {
  const body = { task_id: key, image_url: `/pets/${key}.jpg`, style: 'watercolour' }
  return { body, timeouts: { totalMs } }
}

/** Until it is told, or has asked often enough. */
async function ask(
  host: Host,
  { asksAgain, patience }: Options,
  api: string,
  item: Item,
  isTold: (key: string) => boolean,
): Promise<void> {
  const key = keyOf(item)
  for (let times = 0; ; times++) {
    if ((await submit(host, api, key, patience)) === 'succeeded') {
      if (!isTold(key)) host.log(TOLD, key)
      return
    }
    if (times >= asksAgain.times) return
    await host.clock.sleep(asksAgain.after)
    if (isTold(key)) return
    host.log(ASKED_AGAIN, key)
  }
}

/** How the task stands, as far as the answer tells. */
async function submit(
  host: Host,
  api: string,
  key: string,
  patienceMs: number,
): Promise<Json | undefined> {
  try {
    const reply = await host.http.call(api, SUBMIT, requestFor(key, patienceMs))
    return ((await reply.body()) as { readonly status?: Json } | null)?.status
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return undefined
  }
}

function noticeIn({ body }: Request) {
  const { params } = body as unknown as Notice
  const { data, idempotency_key: idempotencyKey } = params
  return { key: data.task_id, status: data.status, idempotencyKey }
}

/** What a callback's body has. */
interface Notice {
  readonly params: {
    readonly data: { readonly task_id: string; readonly status: string }
    readonly idempotency_key?: string
  }
}
