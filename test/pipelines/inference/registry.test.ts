// The registry of algorithm services: who is in it, who is thrown out, and when.
import { describe, expect, test } from 'vitest'
import { inject } from '../../run/play.ts'
import { every, HOUR_MS, seconds, watch } from './small.ts'

const noBeats = (fromMs: number, toMs: number) => inject(fromMs, toMs, { kind: 'heartbeat.loss' })

describe('silent services', () => {
  test('are removed 60 to 90 s after their last beat, whatever their phase', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { seen, registered } = await watch({
        seed,
        options: { services: 8 },
        faults: [noBeats(seconds(200), HOUR_MS)],
        forMs: seconds(400),
      })
      const beats = seen.filter(
        ({ route, stage, atMs }) =>
          route === 'heartbeat' && stage === 'reply' && atMs < seconds(200),
      )
      const last = new Map(beats.map(({ from, atMs }) => [from, atMs]))
      const removals = registered.flatMap(([atMs, count], i) =>
        new Array<number>(Math.max(0, (registered[i - 1]?.[1] ?? 0) - count)).fill(atMs),
      )
      expect(removals).toHaveLength(8)
      const silences = [...last.values()]
        .sort((a, b) => a - b)
        .map((beatMs, i) => ((removals[i] ?? 0) - beatMs) / 1_000)
      // Whole seconds are compared, and changes are seen to a tenth of a second.
      expect(Math.min(...silences)).toBeGreaterThan(59)
      expect(Math.max(...silences)).toBeLessThan(90.2)
    }
  })

  test('go all at once when they were started together', async () => {
    const { registered, lines } = await watch({
      options: { services: 12, heartbeat: { spread: 0 } },
      faults: [noBeats(seconds(95), HOUR_MS)],
      forMs: seconds(300),
    })
    expect(registered.slice(1).map(([, services]) => services)).toEqual([12, 0])
    expect(lines('algorithm service unregistered: heartbeat timeout')).toBe(12)
  })

  test('stay in with a longer timeout, and go when that is over', async () => {
    const options = { heartbeat: { timeout: '120s', spread: 0 } }
    const { registered } = await watch({
      options,
      faults: [noBeats(seconds(95), HOUR_MS)],
      forMs: seconds(400),
    })
    const [, , gone = [0, 0]] = registered
    expect(gone[1]).toBe(0)
    expect(gone[0]).toBeGreaterThanOrEqual(seconds(90 + 120))
    expect(gone[0]).toBeLessThanOrEqual(seconds(90 + 150))
  })

  test('do not come back by themselves when their beats do: an unknown id is only logged', async () => {
    const { registered } = await watch({
      faults: [noBeats(seconds(60), seconds(200))],
      forMs: HOUR_MS,
    })
    expect(registered.at(-1)?.[1]).toBe(0)
  })

  test('come back within a period where they register again', async () => {
    const options = { onUnknownHeartbeat: 'register' }
    const { registered } = await watch({
      options,
      faults: [noBeats(seconds(60), seconds(200))],
      forMs: seconds(400),
    })
    const [backMs, services] = registered.at(-1) ?? [0, 0]
    expect(services).toBe(3)
    expect(backMs).toBeGreaterThan(seconds(200))
    expect(backMs).toBeLessThan(seconds(231))
  })

  test('come back when they are restarted, and the first image is inferred within a scan', async () => {
    const { registered, seen } = await watch({
      faults: [
        noBeats(seconds(60), HOUR_MS),
        inject(seconds(300), seconds(300), { kind: 'host.restart', host: 'service-*' }),
      ],
      items: every(200, 500, seconds(250)),
      forMs: seconds(320),
    })
    expect(registered.at(-1)?.[1]).toBe(3)
    const first = seen.find(({ route, atMs }) => route === 'infer' && atMs >= seconds(200))
    expect(first?.atMs).toBeGreaterThan(seconds(300))
    expect(first?.atMs).toBeLessThan(seconds(301.5))
  })
})

test('a step of the clock past the timeout expels, at the next sweep, those that have not beaten since', async () => {
  // Beats at about 0, 30, 60 …; the step comes 1 s after those of 60 s, the sweep of 90 s sees 90 s of silence.
  const step = inject(seconds(61), seconds(300), {
    kind: 'clock.skew',
    host: 'analyser',
    jump: '70s',
  })
  const together = await watch({
    options: { services: 6, heartbeat: { spread: 0 } },
    faults: [step],
    forMs: seconds(92),
  })
  const counts = (watched: typeof together) => watched.registered.map(([, services]) => services)
  expect(counts(together)).toEqual([0, 6, 0])
  const spread = await watch({
    options: { services: 6, heartbeat: { every: '10s', spread: '10s' } },
    faults: [step],
    forMs: seconds(92),
  })
  expect(counts(spread).at(-1)).toBe(6)
})
