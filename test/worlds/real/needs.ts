// What tests of real parts need of the machine: there, or the reason why they are skipped.
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'
import { describe, test } from 'vitest'
import { findBinary } from '../../../src/worlds/real/find-binary.ts'

export type Need = 'redis' | 'minio' | 'docker' | 'celery'

/** Made by scripts/make-images.sh: no registry has to be reached. */
export const IMAGES = { minio: 'aftershock-test/minio', redis: 'aftershock-test/redis' }

/** The program, where there is one. */
export const REDIS = findBinary(['redis-server', 'valkey-server'], process.env)
export const MINIO = findBinary(['minio'], process.env)

/** The program, where scripts/make-celery.sh has put it, or on PATH. */
export const CELERY = findBinary(['celery'], {
  ...process.env,
  PATH: [
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'aftershock', 'celery', 'bin'),
    process.env.PATH,
  ].join(delimiter),
})

/** Like `describe`, where the machine has it. `AFTERSHOCK_REQUIRE_REAL=redis,docker` makes what is missing a failure. */
export function describeWith(need: Need, name: string, body: () => void): void {
  const missing = missingFor(need)
  const required = (process.env.AFTERSHOCK_REQUIRE_REAL ?? '').split(',').map((n) => n.trim())
  if (missing === undefined) describe(name, body)
  else if (required.includes(need))
    test(`${name} has what it needs`, () => {
      throw new Error(missing)
    })
  else describe.runIf(false)(`${name} (skipped: ${missing})`, body)
}

/** Why this machine cannot; undefined where it can. */
export function missingFor(need: Need): string | undefined {
  if (need === 'redis') return REDIS === undefined ? 'no redis-server or valkey-server' : undefined
  if (need === 'minio') return MINIO === undefined ? 'no minio' : undefined
  if (need === 'celery') {
    if (CELERY === undefined) return 'no Celery; scripts/make-celery.sh installs it'
    return missingFor('redis')
  }
  const { status } = spawnSync('docker', ['image', 'inspect', ...Object.values(IMAGES)])
  return status === 0 ? undefined : 'no Docker with the images of scripts/make-images.sh'
}
