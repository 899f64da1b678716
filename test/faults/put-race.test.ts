// An upload that meets the removal of its folder: when that is a race, who loses it, and what is left of it.
import { describe, expect, test } from 'vitest'
import { ended, inject, type Main, play, withoutTimes } from '../run/play.ts'

const always = (options: object) => inject(0, 20_000, { kind: 'put.race', ...options })
const lost = { probability: 1, within: '100ms' }

/** What a client was told that put `first`, removed it, waited, and put `second`, `beside` being there all the time. */
async function raced(options: object, { second = 'cam1/2.jpg', beside = '', waitMs = 0 } = {}) {
  const client: Main = async (host, tell) => {
    const say = async (what: string, call: Promise<unknown>) => tell(`${what} ${await ended(call)}`)
    if (beside !== '') await host.objects.put(beside, 1)
    await host.objects.put('cam1/1.jpg', 1)
    await say('delete', host.objects.remove('cam1/1.jpg'))
    await host.clock.sleep(waitMs)
    await say('put', host.objects.put(second, 1))
    await say('head', host.objects.head(second))
    await say('again', host.objects.put(second, 1))
  }
  const { told, faults } = await play({
    hosts: { client },
    faults: [always(options)],
  })
  const { touched, evidence } = faults[0] ?? {}
  return { told: withoutTimes(told).join(', ').replaceAll('client: ', ''), touched, evidence }
}

const stored = 'delete ok, put ok, head ok, again ok'

describe('a put into a folder that has just vanished', () => {
  test('is refused and stores nothing; the next one is not', async () => {
    const { told, ...counted } = await raced({ probability: 1, within: '1s' })
    expect(told).toBe(
      'delete ok, put http-403 AccessDenied, head http-404, again http-403 AccessDenied',
    )
    expect(counted).toEqual({ touched: 2, evidence: { races: 2 } })
    // A retry that comes later finds nothing to race with.
    const first = await raced({ probability: 1, within: '1s', first: 1 })
    expect(first.told).toBe('delete ok, put http-403 AccessDenied, head http-404, again ok')
  })

  test('or is not, and was a race all the same', async () => {
    expect(await raced({ probability: 0, within: '100ms' })).toEqual({
      told: stored,
      touched: 0,
      evidence: { races: 1 },
    })
  })

  test('says that it was no race', async () => {
    const nothing = { told: stored, touched: 0, evidence: { races: 0 } }
    // Long ago; into another folder; with a neighbour there still.
    expect(await raced(lost, { waitMs: 500 })).toEqual(nothing)
    expect(await raced(lost, { second: 'cam2/2.jpg' })).toEqual(nothing)
    expect(await raced(lost, { beside: 'cam1/0.jpg' })).toEqual(nothing)
    // The bucket's own folder, and one above, are others.
    expect(await raced(lost, { second: '2.jpg' })).toEqual(nothing)
  })

  test('is one only until the folder is there again', async () => {
    const client: Main = async (host, tell) => {
      await host.objects.put('cam1/1.jpg', 1)
      await host.objects.remove('cam1/1.jpg')
      for (const n of [2, 3, 4]) tell(await ended(host.objects.put(`cam1/${n}.jpg`, 1)))
    }
    const { told, faults } = await play({
      hosts: { client },
      faults: [always({ probability: 1, within: '10s', first: 1 })],
    })
    expect(withoutTimes(told)).toEqual([
      'client: http-403 AccessDenied',
      'client: ok',
      'client: ok',
    ])
    expect(faults[0]).toMatchObject({ touched: 1, evidence: { races: 2 } })
  })

  test('of a client whose clock is off is refused for that, and never came near the folder', async () => {
    const skewed = inject(2_000, 20_000, { kind: 'clock.skew', host: 'client', offset: '-8h' })
    const { told, faults } = await play({
      hosts: {
        client: async (host, tell) => {
          await host.objects.put('cam1/1.jpg', 1)
          await host.objects.remove('cam1/1.jpg')
          await host.clock.sleep(3_000)
          tell(await ended(host.objects.put('cam1/2.jpg', 1)))
        },
      },
      faults: [always({ probability: 1, within: '10s' }), skewed],
    })
    expect(withoutTimes(told)).toEqual(['client: http-403 RequestTimeTooSkewed'])
    expect(faults[0]).toMatchObject({ touched: 0, evidence: { races: 0 } })
  })
})

test('as often as was measured, unless told otherwise', async () => {
  const client: Main = async (host) => {
    for (let n = 0; n < 30_000; n++) {
      await ended(host.objects.put(`cam1/${n}.jpg`, 1))
      await ended(host.objects.remove(`cam1/${n}.jpg`))
    }
  }
  const { faults } = await play({
    hosts: { client },
    faults: [inject(0, 3_000_000, { kind: 'put.race', within: '1s' })],
    forMs: 3_000_000,
  })
  const { races = 0 } = faults[0]?.evidence ?? {}
  expect(races).toBeGreaterThan(29_900)
  // Poisson of 20: 4 σ are 18.
  expect(Math.abs((faults[0]?.touched ?? 0) - races / 1_500)).toBeLessThan(18)
})
