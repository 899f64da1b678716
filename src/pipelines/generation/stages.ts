// What is done for one picture, in order: detect, generate, remove the background, fetch and shrink.
import { compileDistribution } from '../../base/distribution.ts'
import type { CallOptions, Host, Json, Timeouts } from '../../worlds/world.ts'
import { Breaker } from '../resilience/breaker.ts'
import { backoffOf } from '../resilience/options.ts'
import { RetryBudget } from '../resilience/retry-budget.ts'
import {
  BREAKER_OPEN,
  DEADLINE_PASSED,
  type RetryPolicy,
  retrying,
  type Tried,
  within,
} from '../resilience/retrying.ts'
import type { Options, StageTimeouts } from './options.ts'
import type { TaskJob } from './tasks.ts'
import { tryOnce, type Upstream } from './upstreams.ts'

/** Each stage's upstream, and the line that is logged when it has failed for good. */
export const VISION: Upstream<{ readonly pet: boolean; readonly description: string }> = {
  host: 'vision',
  route: 'detect',
  read(body) {
    const { choices } = body as { readonly choices?: readonly { message: { content: string } }[] }
    const content = choices?.[0]?.message.content
    if (content === undefined) return undefined
    const said = JSON.parse(content) as { readonly pet: boolean; readonly description?: string }
    return { pet: said.pet, description: said.description ?? '' }
  },
}
export const SEEDREAM: Upstream<string> = {
  host: 'seedream',
  route: 'generate',
  // A group can succeed in part inside a 200: an entry has a url or an error.
  read: (body) => (body as { readonly data?: readonly { readonly url?: string }[] }).data?.[0]?.url,
}
export const SEGMENTATION: Upstream<string> = {
  host: 'segmentation',
  route: 'remove_background',
  read(body) {
    const { code, data } = body as {
      readonly code?: number
      readonly data?: { readonly image_urls?: readonly string[] } | null
    }
    return code === 10_000 ? data?.image_urls?.[0] : undefined
  },
}
export const IMAGE: Upstream<true> = { host: 'segmentation', route: 'image', read: () => true }

export const LINES = {
  detect: 'detection failed',
  textToImage: 'text-to-image failed',
  removal: 'background removal failed',
  image: 'image not fetched',
  noPet: 'no pet in the picture',
  breakerOpen: 'not called: circuit breaker open',
  deadline: 'given up: deadline passed',
} as const

export class Stages {
  readonly #host: Host
  readonly #policies: Readonly<Record<Stage, RetryPolicy>>
  readonly #timeouts: Readonly<Record<Stage, Timeouts>>
  readonly #resize
  readonly #shrink: () => Promise<unknown>

  /** `shrink`: a picture, for real. */
  constructor(host: Host, options: Options, shrink: () => Promise<unknown>) {
    this.#host = host
    this.#shrink = shrink
    this.#resize = compileDistribution(options.resize)
    const backoff = options.backoff === undefined ? undefined : backoffOf(options.backoff)
    const budget = options.retryBudget && new RetryBudget(options.retryBudget)
    const policy = (stage: Stage): RetryPolicy => ({
      label: stage,
      attempts: options.attempts[stage],
      backoff,
      // Each process learns of each upstream by itself.
      breaker: options.breaker && new Breaker(options.breaker, () => host.clock.monotonic()),
      budget,
    })
    const { detect, textToImage, removal, image } = options.timeouts
    this.#timeouts = {
      detect: timeoutsOf(detect),
      textToImage: timeoutsOf(textToImage),
      removal: timeoutsOf(removal),
      image: timeoutsOf(image),
    }
    this.#policies = {
      detect: policy('detect'),
      textToImage: policy('textToImage'),
      removal: policy('removal'),
      image: policy('image'),
    }
  }

  async run(task: TaskJob): Promise<Tried<string>> {
    const detected = await this.#detect(task)
    if (!detected.ok) return this.#fail(task, LINES.detect, detected)
    const { pet, description } = detected.value
    if (!pet) return this.#fail(task, LINES.noPet, { ok: false, why: 'no-pet', isFinal: true })
    const generated = await this.#generate(task, description)
    if (!generated.ok) return this.#fail(task, LINES.textToImage, generated)
    const cut = await this.#removeBackground(task, generated.value)
    if (!cut.ok) return this.#fail(task, LINES.removal, cut)
    const fetched = await this.#fetch(task)
    if (!fetched.ok) return this.#fail(task, LINES.image, fetched)
    const u = this.#host.random.at('resize', task.task_id)
    await this.#host.work('resize', this.#resize.sample(u), this.#shrink)
    return { ok: true, value: cut.value }
  }

  // The stages are no async functions: in a replay that would be a tenth more of all promises.
  #detect(task: TaskJob) {
    const content: Json = [{ type: 'image_url', image_url: { url: task.image_url } }]
    return this.#call('detect', VISION, task, {
      body: {
        model: 'doubao-1-5-vision-pro-32k',
        messages: [{ role: 'user', content }],
        user: task.task_id,
      },
      timeouts: this.#timeouts.detect,
    })
  }

  #generate(task: TaskJob, description: string) {
    return this.#call('textToImage', SEEDREAM, task, {
      body: {
        model: 'doubao-seedream-4-0-250828',
        prompt: `${description}, ${task.style}`,
        size: '2K',
        response_format: 'url',
        watermark: false,
        user: task.task_id,
      },
      timeouts: this.#timeouts.textToImage,
    })
  }

  #removeBackground(task: TaskJob, url: string) {
    return this.#call('removal', SEGMENTATION, task, {
      body: {
        req_key: 'saliency_seg',
        image_urls: [url],
        only_mask: 3,
        return_url: true,
        task_id: task.task_id,
      },
      timeouts: this.#timeouts.removal,
    })
  }

  #fetch(task: TaskJob) {
    return this.#call('image', IMAGE, task, {
      params: { task: task.task_id },
      timeouts: this.#timeouts.image,
    })
  }

  #call<T>(
    stage: Stage,
    upstream: Upstream<T>,
    task: TaskJob,
    options: CallOptions & { readonly timeouts: Timeouts },
  ): Promise<Tried<T>> {
    const deadlineMs = task.deadline_ms === 0 ? undefined : task.deadline_ms
    return retrying(this.#host, this.#policies[stage], task.task_id, deadlineMs, (restMs) =>
      tryOnce(
        this.#host,
        upstream,
        restMs === undefined ? options : { ...options, timeouts: within(options.timeouts, restMs) },
      ),
    )
  }

  #fail<T extends Tried<never>>(task: TaskJob, line: string, tried: T): T {
    const { why } = tried as { readonly why?: string }
    if (why === BREAKER_OPEN) this.#host.log(LINES.breakerOpen, task.task_id)
    if (why === DEADLINE_PASSED) this.#host.log(LINES.deadline, task.task_id)
    this.#host.log(line, task.task_id)
    return tried
  }
}

type Stage = 'detect' | 'textToImage' | 'removal' | 'image'

export function timeoutsOf({ connect, read, total }: StageTimeouts): Timeouts {
  return {
    connectMs: connect,
    readMs: read,
    ...(total === undefined ? {} : { totalMs: total }),
  }
}
