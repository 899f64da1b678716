// An algorithm service: registers with the analyser, beats, downloads the image it is given and infers.
import { z } from 'zod'
import { compileDistribution } from '../src/base/distribution.ts'
import { count, distribution, duration, share } from '../src/base/fields.ts'
import { hashText } from '../src/base/random.ts'
import { Ticker } from '../src/worlds/ticker.ts'
import { type Answer, CallError, type Host, type Json, type Request } from '../src/worlds/world.ts'
import { defineUpstream } from './upstream.ts'

/** The route that is this service's own; the others are the analyser's. */
export const INFER = { method: 'POST', path: '/infer', key: 'body.image_path' } as const

export const algorithmServiceOptions = z.strictObject({
  /** Time to infer one image. The report's mean; its p99 is not known and taken as three times that. */
  inference: distribution.prefault({ mean: '197ms', p99: '590ms' }),
  concurrency: count.default(16),
  backlog: z.int().min(0).max(100_000).default(128),
  /** Share of images on which something is found. */
  detections: share.default(0.3),
  /** How the answer is written: head and body in one packet, or the body this much later. */
  bodyLate: duration.default(0),
  /** Share of answers written in two packets, where `bodyLate` is set. */
  splitShare: share.default(1),
})

export interface AlgorithmServiceOptions extends z.output<typeof algorithmServiceOptions> {
  readonly id: string
  readonly registry: string
  readonly taskType: string
  readonly heartbeat: { readonly every: number; readonly spread: number }
  readonly onUnknownHeartbeat: 'ignore' | 'register'
}

export const algorithmService = defineUpstream({
  kind: 'algorithm-service',
  options: algorithmServiceOptions,
  main,
})

async function main(host: Host, options: AlgorithmServiceOptions): Promise<void> {
  serveInference(host, options)
  const endpoint = `${host.addressFor(options.registry)}${INFER.path}`
  const register = () => registerUntilTaken(host, options, endpoint)
  const { every, spread } = options.heartbeat
  const ticker = new Ticker(host.clock, every, host.random.at('phase') * spread)
  await register()
  ticker.skip()
  for (;;) {
    await ticker.next()
    const answer = await beat(host, options)
    if (answer === 'unknown' && options.onUnknownHeartbeat === 'register') await register()
    if (answer === undefined) ticker.restart()
  }
}

async function registerUntilTaken(
  host: Host,
  options: AlgorithmServiceOptions,
  endpoint: string,
): Promise<void> {
  const body = {
    service_id: options.id,
    name: host.name,
    task_types: [options.taskType],
    endpoint,
    version: '1.0',
  }
  for (;;) {
    try {
      const reply = await host.http.call(options.registry, 'register', {
        body,
        timeouts: { totalMs: 5_000 },
      })
      if (reply.status === 200) return
    } catch (error) {
      if (!(error instanceof CallError)) throw error
    }
    await host.clock.sleep(5_000)
  }
}

/** One heartbeat; undefined where none was answered. What came back matters only to a client that registers again. */
async function beat(
  host: Host,
  options: AlgorithmServiceOptions,
): Promise<'known' | 'unknown' | undefined> {
  try {
    const reply = await host.http.call(options.registry, 'heartbeat', {
      params: { id: options.id },
      timeouts: { totalMs: 5_000 },
    })
    return reply.status === 400 ? 'unknown' : 'known'
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    return undefined
  }
}

function serveInference(host: Host, options: AlgorithmServiceOptions): void {
  const time = compileDistribution(options.inference)
  const capacity = { concurrency: options.concurrency, backlog: options.backlog }
  // Every draw is the image's own: another try of it takes as long and finds as much.
  const serve = (request: Request) => {
    const image = hashText((request.body as { readonly image_path: string }).image_path)
    return infer(host, options, request, image, time.sample(host.random.at('time', image)))
  }
  host.serve('infer', serve, capacity)
}

async function infer(
  host: Host,
  options: AlgorithmServiceOptions,
  request: Request,
  key: number,
  costMs: number,
): Promise<Answer> {
  const { image_url: url } = request.body as { readonly image_url: string }
  const image = await host.http.fetch(url, { totalMs: 30_000 })
  if (image.status >= 400) {
    // The text that the caller searches for "404" is all that tells it why.
    return {
      status: 500,
      body: { success: false, error: `HTTP Error ${image.status}: ${reason(image.status)}` },
    }
  }
  const beganMs = host.clock.monotonic()
  await host.work('infer', costMs)
  const found =
    host.random.at('found', key) < options.detections
      ? 1 + Math.floor(host.random.at('number', key) * 9)
      : 0
  const body: Json = {
    success: true,
    result: { total_count: found },
    confidence: 0.9,
    inference_time_ms: host.clock.monotonic() - beganMs,
  }
  const late = options.bodyLate > 0 && host.random.at('split', key) < options.splitShare
  return late ? { status: 200, body, bodyLateMs: options.bodyLate } : { status: 200, body }
}

function reason(status: number): string {
  return status === 404 ? 'Not Found' : status === 403 ? 'Forbidden' : 'Error'
}
