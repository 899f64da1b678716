// What a machine is found to have, and what adds the rest; and which faults the real world can do where.
import { describe, expect, test } from 'vitest'
import { Random } from '../../../src/base/random.ts'
import { HANDS, OF_ANOTHER_PROCESS, ON_THE_WIRE } from '../../../src/worlds/real/abilities.ts'
import type { Containers } from '../../../src/worlds/real/containers.ts'
import { examine, type Finding } from '../../../src/worlds/real/doctor.ts'
import { objectStore } from '../../../src/worlds/real/providers/object-store.ts'
import { findFaketime } from '../../../src/worlds/real/skew/faketime.ts'
import type { Hands } from '../../../src/worlds/world.ts'
import { EXAMPLES } from '../../faults/examples.ts'
import { faults } from '../../run/play.ts'
import { noContainers, Surroundings } from './surroundings.ts'

const MINIO =
  "CGO_ENABLED=0 GOBIN=~/.cache/aftershock/bin \\\n  go install -ldflags='-s -w' \\\n  github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"

async function found(
  around: Surroundings,
  containers: Containers,
  platform: NodeJS.Platform = 'linux',
) {
  const { parts, faketime } = await examine(around.environment, containers, platform)
  const line = ({ part, provider, state, what, add }: Finding) =>
    `${part} ${provider} ${state}: ${what.join(' | ')}${add === undefined ? '' : ` ← ${add}`}`
  // Where Debian's PostgreSQL lies is no matter of the surroundings.
  const told = parts.filter(({ part }) => part !== 'PostgreSQL')
  return [...told.map((p) => line(p).replaceAll(around.path, 'HERE')), `faketime ${faketime}`]
}

const runtime = (...images: string[]): Containers => ({
  ...noContainers('unused'),
  version: async () => 'Docker 1.2.3',
  has: async (image) => images.includes(image),
})

describe('a machine', () => {
  test('that has nothing', async () => {
    using around = new Surroundings()
    expect(await found(around, noContainers('none of its sockets is there'))).toEqual([
      'object store container missing: no Docker: none of its sockets is there ← apt-get install docker.io   # then start dockerd',
      `object store binary missing: no minio on PATH | or in HERE/.cache/aftershock/bin ← # Go 1.24 or later, from https://go.dev/dl/\n${MINIO}`,
      'object store url asked: yours: AFTERSHOCK_OBJECTS_URL',
      'object store embedded here: always; proves no fidelity',
      'Redis container missing: no Docker: none of its sockets is there ← apt-get install docker.io   # then start dockerd',
      'Redis binary missing: no redis-server or valkey-server on PATH | or in HERE/.cache/aftershock/bin ← apt-get install redis-server',
      'Redis url asked: yours: AFTERSHOCK_REDIS_URL',
      `faketime ${findFaketime({}) !== undefined}`,
    ])
  })

  test('that has everything', async () => {
    using around = new Surroundings()
    const faketime = around.program('faketime.so', '')
    around.program(
      'minio',
      `console.log('minio version RELEASE.2025-09-07T16-13-09Z (commit-id=0)')`,
    )
    around.program('valkey-server', `console.log('Valkey server v=8.1.0 sha=00000000:0')`)
    const minio = objectStore.image
    const redis = 'docker.io/library/redis:7.4.2'
    Object.assign(around.environment, {
      AFTERSHOCK_REDIS_URL: 'redis://:secret@127.0.0.1',
      AFTERSHOCK_FAKETIME: faketime,
    })
    expect(await found(around, runtime(minio, redis))).toEqual([
      'object store container here: Docker 1.2.3 | quay.io/minio/minio:RELEASE.2025-09-07T16-13-09Z',
      'object store binary here: MinIO RELEASE.2025-09-07T16-13-09Z | HERE/bin/minio',
      'object store url asked: yours: AFTERSHOCK_OBJECTS_URL',
      'object store embedded here: always; proves no fidelity',
      `Redis container here: Docker 1.2.3 | ${redis}`,
      'Redis binary here: Valkey 8.1.0 | HERE/bin/valkey-server',
      'Redis url asked: AFTERSHOCK_REDIS_URL is set, and taken first',
      'faketime true',
    ])
  })

  test('that has Docker and Go, but no images and no servers', async () => {
    using around = new Surroundings()
    around.program('go', '')
    expect((await found(around, runtime())).filter((line) => line.includes('←'))).toEqual([
      `object store container missing: Docker 1.2.3, but not its image | AFTERSHOCK_OBJECTS_IMAGE names another ← docker pull ${objectStore.image}`,
      `object store binary missing: no minio on PATH | or in HERE/.cache/aftershock/bin ← ${MINIO}`,
      'Redis container missing: Docker 1.2.3, but not its image | AFTERSHOCK_REDIS_IMAGE names another ← docker pull docker.io/library/redis:7.4.2',
      'Redis binary missing: no redis-server or valkey-server on PATH | or in HERE/.cache/aftershock/bin ← apt-get install redis-server',
    ])
  })

  test('that has another image in mind', async () => {
    using around = new Surroundings()
    Object.assign(around.environment, { AFTERSHOCK_OBJECTS_IMAGE: 'mine' })
    expect((await found(around, runtime('mine')))[0]).toBe(
      'object store container here: Docker 1.2.3 | mine',
    )
  })

  test('that is a Mac', async () => {
    using around = new Surroundings()
    const lines = await found(around, noContainers('gone'), 'darwin')
    expect(lines.flatMap((line) => line.split('←')[1]?.split('\n')[0]?.trim() ?? [])).toEqual([
      'brew install --cask docker   # then start it',
      'brew install go',
      'brew install --cask docker   # then start it',
      'brew install redis',
    ])
  })

  test('whose MinIO was built by go install tells the version that it was built from', async () => {
    using around = new Surroundings()
    around.program('minio', `console.log('minio version DEVELOPMENT.GOGET (commit-id=0)')`)
    const version = async () => (await found(around, noContainers('gone')))[1]
    expect(await version()).toBe(
      'object store binary here: MinIO DEVELOPMENT.GOGET | HERE/bin/minio',
    )
    around.program(
      'go',
      `console.log(args.join(' ') + ': go1.26\\n\\tpath\\tgithub.com/minio/minio\\n\\tmod\\tgithub.com/minio/minio\\tv0.0.0-1\\th1:x=')`,
    )
    expect(await version()).toBe('object store binary here: MinIO v0.0.0-1 | HERE/bin/minio')
  })
})

describe('faults', () => {
  /** Hands that note which of them are asked for. */
  function noting(gripped: Set<string>): Hands {
    const held = {
      changed: () => 0,
      withheld: () => 0,
      slowed: () => ({ times: 0, addedMs: 0 }),
      gone: () => ({ lost: 0, forgotten: 0 }),
      kept: () => 0,
      refused: () => 0,
      [Symbol.dispose]: () => {},
    }
    const host = {
      crash: () => 0,
      start: () => {},
      pause: () => {},
      resume: () => {},
      alive: () => true,
      running: () => true,
      jobs: () => 1,
    }
    const grip = <T>(name: string, what: T): T => {
      gripped.add(name)
      return what
    }
    return {
      hosts: () => ['service-1'],
      clock: () => grip('clock', { skew: () => held, wrongReads: () => 0 }),
      capacity: () => grip('capacity', held),
      putRace: () => grip('putRace', held),
      work: () => grip('work', held),
      host: () => grip('host', host),
      part: () =>
        grip('part', {
          stop: () => held,
          flush: (counted) => counted({ lost: 1, forgotten: 0 }),
          fill: () => held,
          slow: () => ({ ...held, slowed: () => 0 }),
        }),
      every: (_ms, tick) => {
        tick(60_000)
        return held
      },
      stopLoad: () => grip('stopLoad', held),
    }
  }

  test.each(faults.map((fault) => [fault.kind, fault] as const))(
    '%s says what it grips',
    (kind, fault) => {
      const gripped = new Set<string>()
      for (const raw of EXAMPLES[kind]?.hits ?? []) {
        const options = fault.options.parse({ kind, ...raw })
        fault.hold?.(options, noting(gripped), {}, new Random(1))?.[Symbol.dispose]()
      }
      expect([...gripped]).toEqual([...(fault.hands ?? [])])
      expect(fault.rule === undefined).toBe(gripped.size > 0)
    },
  )

  test('the real world can do all of them on every system', () => {
    const systems = ['linux', 'darwin', 'win32']
    for (const { on } of [ON_THE_WIRE, ...Object.values(HANDS)]) expect(on).toEqual(systems)
  })

  test("of another process, the clock alone is gripped, by Linux's faketime", () => {
    expect(OF_ANOTHER_PROCESS).toEqual({
      clock: { how: 'by faketime; Go ignores it', on: ['linux'] },
    })
  })
})
