// How an upstream behaves under load: the more it has in hand the slower it is, then it sheds, errs, and counts quotas.
import { z } from 'zod'
import { compileDistribution } from '../src/base/distribution.ts'
import { count, distribution, positiveDuration, share } from '../src/base/fields.ts'
import { numberAtEnd } from '../src/base/number-at-end.ts'
import { hashText } from '../src/base/random.ts'
import { Tally } from '../src/base/tally.ts'
import type { Answer, Host, Request } from '../src/worlds/world.ts'

const quota = z
  .strictObject({ requests: count, per: positiveDuration.prefault('1m') })
  .meta({ description: 'Requests in each window; beyond it 429 until the window is over' })

interface Defaults {
  readonly time: z.input<typeof distribution>
  readonly concurrency: number
  readonly bears: number
}

/** What every upstream can be told; the defaults are its own. */
export function modelOptions({ time, concurrency, bears }: Defaults) {
  return {
    time: distribution.prefault(time).meta({ description: 'Of a request, while it is not busy' }),
    bears: count.max(100_000).default(bears).meta({
      description: 'Requests in hand up to which it is as fast as ever',
    }),
    exponent: z.number().min(0).max(4).default(1).meta({
      description:
        'Beyond that, time × (in hand ÷ bears)^exponent; above 1 it gets less done in all',
    }),
    concurrency: count.max(100_000).default(concurrency).meta({
      description: 'Connections that it holds',
    }),
    backlog: z.int().min(0).max(100_000).default(64).meta({
      description: 'Connections that wait beyond those; no more are accepted',
    }),
    sheds: share.default(1).meta({
      description: 'Share of its connections above which it cuts some, and at the last all',
    }),
    errors: share.default(0).meta({ description: 'Share of requests answered 500' }),
    quota: quota.optional(),
  }
}

type Model = z.output<z.ZodObject<ReturnType<typeof modelOptions>>>

export interface Behaviour {
  readonly route: string
  readonly taskOf: (request: Request) => string
  /** 500, in this service's words. */
  readonly error: (request: Request) => Answer
  /** 429, in this service's words. */
  readonly limited: (request: Request) => Answer
  readonly answer: (request: Request, draw: Draw) => Answer
  /** Told of every request that it begins to work on. */
  readonly begins?: (request: Request) => void
}

/** Uniform in [0, 1), by the label, the task, and the number of its request. */
export type Draw = (label: string) => number

/** How long a gateway takes to cut a connection, or to answer without asking anybody. */
const GATEWAY_MS = 5

export function serveModel(host: Host, model: Model, behaviour: Behaviour): void {
  const { concurrency, backlog, bears, exponent, sheds, errors, quota: limit } = model
  const time = compileDistribution(model.time)
  const requests = new Tally()
  const window = limit === undefined ? undefined : new QuotaWindow(limit.requests, limit.per)
  // Written without async functions: in a replay this is a large part of all that is done.
  const serve = (request: Request): Promise<Answer> => {
    const text = behaviour.taskOf(request)
    const task = hashText(text) | 0
    const nth = requests.add(numberAtEnd(text))
    const restMs = window?.take(host.clock.monotonic()) ?? 0
    if (restMs > 0) {
      const headers = { 'retry-after': String(Math.ceil(restMs / 1_000)) }
      return host.work('limit', GATEWAY_MS).then(() => ({ ...behaviour.limited(request), headers }))
    }
    const { load } = request
    if (load > sheds && host.random.at('shed', task, nth) < (load - sheds) / (1 - sheds))
      return host.work('shed', GATEWAY_MS).then(() => CUT)
    behaviour.begins?.(request)
    const crowd = Math.max(1, (load * concurrency) / bears)
    const ms = time.sample(host.random.at('time', task, nth)) * crowd ** exponent
    return host.work(behaviour.route, ms).then(() => {
      const draw = (label: string) => host.random.at(label, task, nth)
      return errors > 0 && draw('error') < errors
        ? behaviour.error(request)
        : behaviour.answer(request, draw)
    })
  }
  const notices = Math.min(bears, sheds * concurrency)
  host.serve(behaviour.route, serve, { concurrency, backlog, bears, notices })
}

const CUT: Answer = { status: 503, cut: true }

/** Fixed windows, as quotas are counted: all of one can be used at its beginning. */
class QuotaWindow {
  readonly #requests: number
  readonly #perMs: number
  #window = -1
  #used = 0

  constructor(requests: number, perMs: number) {
    this.#requests = requests
    this.#perMs = perMs
  }

  /** How long until another request may be made; 0 where this one may. */
  take(nowMs: number): number {
    const window = Math.floor(nowMs / this.#perMs)
    if (window !== this.#window) {
      this.#window = window
      this.#used = 0
    }
    if (++this.#used <= this.#requests) return 0
    return (window + 1) * this.#perMs - nowMs
  }
}
