// The calls that this system makes on a good day, when every first try does.
import { DATABASE_NAME, REDIS_NAME } from '../../worlds/world.ts'
import type { Traffic } from '../pipeline.ts'
import type { Options } from './options.ts'

export function traffic(o: Options, workers: readonly string[]): Traffic[] {
  const perWorker = 1 / workers.length
  const last = o.callbackOutbox ? 'relay' : undefined
  return [
    { route: 'submit', from: 'front-end', to: 'api', perItem: 1 },
    { route: 'enqueue', from: 'api', to: REDIS_NAME, perItem: 1 },
    { route: 'write', from: 'api', to: DATABASE_NAME, perItem: 1 },
    ...workers.flatMap((from) => [
      { route: 'take', from, to: REDIS_NAME, perItem: perWorker },
      ...(o.acknowledge === 'late'
        ? [{ route: 'finish', from, to: REDIS_NAME, perItem: perWorker }]
        : []),
      { route: 'detect', from, to: 'vision', perItem: perWorker },
      { route: 'generate', from, to: 'seedream', perItem: perWorker },
      { route: 'remove_background', from, to: 'segmentation', perItem: perWorker },
      { route: 'image', from, to: 'segmentation', perItem: perWorker },
      { route: 'write', from, to: DATABASE_NAME, perItem: perWorker * (last ? 1 : 2) },
      ...(last === undefined
        ? [{ route: 'callback', from, to: 'front-end', perItem: perWorker }]
        : [
            { route: 'statement', from, to: DATABASE_NAME, perItem: 2 * perWorker },
            { route: 'commit', from, to: DATABASE_NAME, perItem: perWorker },
          ]),
    ]),
    ...(last === undefined
      ? []
      : [
          { route: 'callback', from: last, to: 'front-end', perItem: 1 },
          { route: 'read', from: last, to: DATABASE_NAME, perSecond: 1 },
          { route: 'statement', from: last, to: DATABASE_NAME, perItem: 2 },
          { route: 'commit', from: last, to: DATABASE_NAME, perItem: 1 },
        ]),
  ]
}
