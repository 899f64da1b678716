// The vision model that says whether a picture shows a pet, and describes it: chat completions as Ark has them.
import { z } from 'zod'
import { share } from '../src/base/fields.ts'
import type { Host, Json, Request } from '../src/worlds/world.ts'
import { arkError, internalError } from './ark.ts'
import { modelOptions, serveModel } from './service-model.ts'

/** `user` is an optional field of the API; ours carries the task. */
export const DETECT = {
  method: 'POST',
  path: '/api/v3/chat/completions',
  key: 'body.user',
} as const

export const visionOptions = z.strictObject({
  ...modelOptions({ time: { mean: '3s', p99: '9s' }, concurrency: 400, bears: 200 }),
  noPet: share.default(0).meta({ description: 'Share of pictures that show none' }),
})

export const vision = {
  kind: 'vision',
  options: visionOptions,
  main(host: Host, options: z.output<typeof visionOptions>): void {
    serveModel(host, options, {
      route: 'detect',
      taskOf: ({ body }) => (body as { readonly user: string }).user,
      error: internalError,
      limited: () =>
        arkError(429, 'ModelAccountRpmRateLimitExceeded', 'Requests per minute limit exceeded.'),
      answer: (request, draw) => ({
        status: 200,
        body: completion(request, options.noPet === 0 || draw('pet') >= options.noPet),
      }),
    })
  },
} as const

const PET = JSON.stringify({ pet: true, description: 'a small white dog' })
const NO_PET = JSON.stringify({ pet: false })

function completion({ body }: Request, pet: boolean): Json {
  const { model } = body as { readonly model: string }
  const content = pet ? PET : NO_PET
  return {
    id: 'chatcmpl',
    object: 'chat.completion',
    model,
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 1_200, completion_tokens: 40, total_tokens: 1_240 },
  }
}
