// Background removal: the visual API's saliency segmentation, and the pictures that it hands out afterwards.
import { z } from 'zod'
import { count, share } from '../src/base/fields.ts'
import type { Host } from '../src/worlds/world.ts'
import { modelOptions, serveModel } from './service-model.ts'

/** `task_id` is ours: the API ignores it. */
export const REMOVE_BACKGROUND = {
  method: 'POST',
  path: '/?Action=CVProcess&Version=2022-08-31',
  key: 'body.task_id',
} as const
export const IMAGE = {
  method: 'GET',
  path: '/images/:task',
  key: 'params.task',
  isFree: true,
} as const

export const segmentationOptions = z.strictObject({
  ...modelOptions({ time: { mean: '5s', p99: '12s' }, concurrency: 400, bears: 100 }),
  imageBytes: count.default(1_500_000).meta({ description: 'Of a picture that it hands out' }),
  moderation: share.default(0).meta({
    description: 'Share of pictures refused: 50411, Pre Img Risk Not Pass',
  }),
})

export const segmentation = {
  kind: 'segmentation',
  options: segmentationOptions,
  main(host: Host, options: z.output<typeof segmentationOptions>): void {
    serveModel(host, options, {
      route: 'remove_background',
      taskOf: ({ body }) => (body as { readonly task_id: string }).task_id,
      error: () => visualError(500, 50_500, 'Internal Error'),
      limited: () => visualError(429, 50_429, 'Request Has Reached API Limit, Please Try Later'),
      answer: ({ body }, draw) => {
        if (draw('moderation') < options.moderation)
          return visualError(400, 50_411, 'Pre Img Risk Not Pass')
        const { task_id: task } = body as { readonly task_id: string }
        return {
          status: 200,
          body: {
            code: 10_000,
            status: 10_000,
            message: 'Success',
            data: { image_urls: [`/images/${task}`], seg_score: [0.98] },
          },
        }
      },
    })
    host.serve('image', () => ({ status: 200, body: null, sizeBytes: options.imageBytes }))
  },
} as const

function visualError(status: number, code: number, message: string) {
  return { status, body: { code, status: code, message, data: null } }
}
