// Which parts beside the object store a scenario of somebody else's processes needs: those that its templates name.
import { holesIn } from '../../base/template.ts'
import type { PartsUsed } from '../../worlds/world.ts'
import type { Options } from './options.ts'

const BY_REDIS: readonly string[] = ['redis', 'celery', 'bullmq']

export function uses({ processes, offer, outcomes, redis }: Options): PartsUsed {
  const holes = Object.values(processes).flatMap(({ command = [], env, config = '' }) =>
    [...command, ...Object.values(env), config].flatMap(holesIn),
  )
  const named = (part: string) => holes.some((hole) => hole.startsWith(`${part}.`))
  const isWatched = outcomes.some(({ on }) => on === 'redis')
  return {
    areShared: true,
    ...(named('redis') || BY_REDIS.includes(offer.kind) || isWatched ? { redis } : {}),
    ...(named('database') ? { database: {} } : {}),
  }
}
