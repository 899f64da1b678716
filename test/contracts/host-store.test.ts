// What every world promises its hosts of the store: refusals arrive, with a body or without one, and deadlines hold.
import { afterAll, describe, expect, test } from 'vitest'
import { ended, inject, type Main, withoutTimes } from '../run/play.ts'
import { arms } from './arms.ts'

const TOTAL = { totalMs: 10_000 }

/** Asks for what is there and what is gone, in every way that there is, more than once: no refusal spoils the next call. */
const asking: Main = async ({ clock, objects, http }, tell) => {
  await clock.sleep(500)
  tell(`put ${await ended(objects.put('a/1.jpg', 100, TOTAL))}`)
  for (const key of ['a/2.jpg', 'a/1.jpg', 'a/2.jpg', 'a/2.jpg', 'a/1.jpg'])
    tell(`head ${key} ${await ended(objects.head(key, TOTAL))}`)
  for (const key of ['a/2.jpg', 'a/1.jpg'])
    tell(`fetch ${key} ${await ended(http.fetch(await objects.presignGet(key, 600), TOTAL))}`)
  tell(`remove ${await ended(objects.remove('a/2.jpg', TOTAL))}`)
  tell(`list ${(await objects.list('a/', TOTAL)).count}`)
}

const refused: Main = async ({ clock, objects }, tell) => {
  await clock.sleep(500)
  const all = async () => {
    tell(`put ${await ended(objects.put('a/1.jpg', 100, TOTAL))}`)
    tell(`head ${await ended(objects.head('a/1.jpg', TOTAL))}`)
    tell(`list ${await ended(objects.list('a/', TOTAL))}`)
    tell(`remove ${await ended(objects.remove('a/3.jpg', TOTAL))}`)
  }
  await all()
  await clock.sleep(Math.max(0, 10_500 - clock.monotonic()))
  await all()
}

/** The folder vanishes with its last object, and a put comes just then. */
const racing: Main = async ({ clock, objects }, tell) => {
  await clock.sleep(500)
  const put = async (key: string) => tell(`put ${key} ${await ended(objects.put(key, 100, TOTAL))}`)
  await put('cam1/1.jpg')
  await put('cam2/1.jpg')
  await objects.remove('cam1/1.jpg', TOTAL)
  await put('cam1/2.jpg')
  await put('cam2/2.jpg')
  await put('cam1/3.jpg')
  tell(`list ${(await objects.list('cam', TOTAL)).count}`)
}

const bodies = {
  'a put that races with the removal of its folder is refused, and is not stored': {
    contract: {
      hosts: { client: racing },
      faults: [inject(0, 20_000, { kind: 'put.race', probability: 1, within: '20s', first: 1 })],
      forMs: 20_000,
    },
    expected: [
      'put cam1/1.jpg ok',
      'put cam2/1.jpg ok',
      'put cam1/2.jpg http-403 AccessDenied',
      'put cam2/2.jpg ok',
      'put cam1/3.jpg ok',
      'list 3',
    ],
  },
  'what is gone is a 404, without a code where there is no body': {
    contract: { hosts: { client: asking }, forMs: 20_000 },
    expected: [
      'put ok',
      'head a/2.jpg http-404',
      'head a/1.jpg ok',
      'head a/2.jpg http-404',
      'head a/2.jpg http-404',
      'head a/1.jpg ok',
      'fetch a/2.jpg 404',
      'fetch a/1.jpg 200',
      'remove ok',
      'list 1',
    ],
  },
  'a store that refuses everything is asked once a call, and is itself again': {
    contract: {
      hosts: { client: refused },
      faults: [
        inject(0, 10_000, { kind: 'status', to: 'objects', status: 503, code: 'SlowDownRead' }),
      ],
      forMs: 22_000,
    },
    expected: [
      'put http-503 SlowDownRead',
      'head http-503',
      'list http-503 SlowDownRead',
      'remove http-503 SlowDownRead',
      'put ok',
      'head ok',
      'list ok',
      'remove ok',
    ],
  },
  'a store that hangs is given up in time, and is itself again': {
    contract: {
      hosts: {
        client: async ({ clock, objects }: Parameters<Main>[0], tell: (what: string) => void) => {
          await clock.sleep(500)
          tell(await ended(objects.head('a/1.jpg', { totalMs: 500 })))
          tell(await ended(objects.list('a/', { totalMs: 500 })))
          await clock.sleep(Math.max(0, 6_500 - clock.monotonic()))
          tell(await ended(objects.head('a/1.jpg', TOTAL)))
        },
      },
      faults: [inject(0, 6_000, { kind: 'hang', to: 'objects' })],
      forMs: 15_000,
    },
    expected: ['read-timeout', 'read-timeout', 'http-404'],
  },
}

describe.each(arms)('in $name', (arm) => {
  afterAll(() => arm.close?.())
  for (const [title, { expected, contract }] of Object.entries(bodies))
    test(title, { timeout: 20_000 }, async () => {
      const told = withoutTimes((await arm.play(contract)).told)
      expect(told.map((line) => line.replace('client: ', ''))).toEqual(expected)
    })
})
