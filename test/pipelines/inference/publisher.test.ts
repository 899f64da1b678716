// Publications that fail: lost, tried again, or kept until the sink is back.
import { describe, expect, test } from 'vitest'
import { inject } from '../../run/play.ts'
import { every, requests, seconds, watch } from './small.ts'

/** Ten images, one a second from 5 s on, something on each; the sink is down until 30 s. */
async function published(publish: object, more: readonly ReturnType<typeof inject>[] = []) {
  const { world, seen, fates, lines } = await watch({
    options: { publish },
    items: every(10, 1_000),
    faults: [inject(0, seconds(30), { kind: 'sink.down' }), ...more],
    forMs: seconds(60),
  })
  expect(fates()).toEqual({ 'succeeded  ok': 10 })
  const sent = requests(seen, 'publish')
  return {
    taken: sent.filter(({ atMs }) => atMs > seconds(30)).length,
    lost: world.recorder.counter('alerts_lost').total,
    waiting: world.recorder.gauge('alerts_waiting').value,
    logged: lines('publish failed'),
  }
}

describe('while the sink is down', () => {
  test('what is found is lost, and only a line tells', async () => {
    expect(await published({})).toEqual({ taken: 0, lost: 10, waiting: 0, logged: 10 })
  })

  test('more tries help only against what is over sooner than they are', async () => {
    const lost = { taken: 0, lost: 10, waiting: 0, logged: 10 }
    expect(await published({ attempts: 3 })).toEqual(lost)
    // Thirty tries, a second apart, reach past 30 s from any of the images.
    expect((await published({ attempts: 30, spacing: '1s' })).lost).toBe(0)
  })

  test('an outbox keeps all, and sends each once when it is back', async () => {
    expect(await published({ outbox: true })).toEqual({
      taken: 10,
      lost: 0,
      waiting: 0,
      logged: 10,
    })
  })

  test('but is memory: a restart loses what waits', async () => {
    const restart = inject(seconds(20), seconds(20), { kind: 'host.restart', host: 'analyser' })
    const outbox = { outbox: true }
    // The images are there still, but nobody is left to infer them again: the services do not register.
    const { taken, waiting } = await published(outbox, [restart])
    expect({ taken, waiting }).toEqual({ taken: 0, waiting: 0 })
  })
})
