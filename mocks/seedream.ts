// Text to image: Ark's images API with the model Seedream. Some of what it makes its moderation keeps back.
import { z } from 'zod'
import { share } from '../src/base/fields.ts'
import type { Host, Json, Request } from '../src/worlds/world.ts'
import { arkError, internalError } from './ark.ts'
import { modelOptions, serveModel } from './service-model.ts'

/** `user` is an optional field of the API; ours carries the task. */
export const GENERATE = {
  method: 'POST',
  path: '/api/v3/images/generations',
  key: 'body.user',
} as const

export const seedreamOptions = z.strictObject({
  ...modelOptions({ time: { mean: '12s', p99: '25s' }, concurrency: 400, bears: 150 }),
  moderation: share.default(0).meta({
    description: 'Share of pictures refused: OutputImageSensitiveContentDetected',
  }),
})

export const seedream = {
  kind: 'seedream',
  options: seedreamOptions,
  main(host: Host, options: z.output<typeof seedreamOptions>): void {
    serveModel(host, options, {
      route: 'generate',
      taskOf: ({ body }) => (body as { readonly user: string }).user,
      error: internalError,
      limited: () =>
        arkError(429, 'ModelAccountIpmRateLimitExceeded', 'Images per minute limit exceeded.'),
      answer: (request, draw) =>
        draw('moderation') < options.moderation
          ? arkError(400, 'OutputImageSensitiveContentDetected', SENSITIVE)
          : { status: 200, body: picture(request) },
    })
  },
} as const

const SENSITIVE = 'The request failed because the output image may contain sensitive information.'

function picture({ body }: Request): Json {
  const { model, user } = body as { readonly model: string; readonly user: string }
  return {
    model,
    created: 0,
    data: [{ url: `/generated/${user}.jpeg`, size: '2048x2048' }],
    usage: { generated_images: 1, output_tokens: 16_384, total_tokens: 16_384 },
  }
}
