// Queueing theory as a yardstick: a virtual service with c slots waits as long as an M/M/c queue does.
//
// Erlang C: with offered load a = λ ÷ μ and ρ = a ÷ c < 1, an arrival has to wait with probability
// C(c, a) = B ÷ (1 − ρ·(1 − B)), B the Erlang B loss, by its recursion B(0) = 1, B(k) = a·B(k−1) ÷ (k + a·B(k−1)),
// and waits W = C(c, a) ÷ (c·μ − λ) on average (L. Kleinrock, Queueing Systems I, 1975, § 3.5; A. K. Erlang, 1917).
// Waits are taken where they happen, from a request's arrival at the station to the start of its service: counted
// from its sender they would hold the network's time too.
import { describe, expect, test } from 'vitest'
import { type Main, play } from '../../run/play.ts'

const SERVICE_MS = 100
const BATCHES = 30
const BATCH_REQUESTS = 4_000
/** Student's t, two-sided 99 %, 29 degrees of freedom. */
const T_99 = 2.7564

function erlangC(c: number, a: number): number {
  let b = 1
  for (let k = 1; k <= c; k++) b = (a * b) / (k + a * b)
  return b / (1 - (a / c) * (1 - b))
}

function meanWaitMs(c: number, rho: number): number {
  const perMs = 1 / SERVICE_MS
  return erlangC(c, rho * c) / (c * perMs * (1 - rho))
}

const exponential = (u: number, meanMs: number) => -meanMs * Math.log1p(-u)

/** Arrivals that wait for nobody. They come through a network of random delays, and are Poisson behind it as before. */
const arriving =
  (gapMs: number): Main =>
  async (host) => {
    for (let n = 0; ; n++) {
      await host.clock.sleep(exponential(host.random.at('gap', n), gapMs))
      void host.http.call('server', 'ask', { body: n })
    }
  }

const serving =
  (concurrency: number): Main =>
  (host) =>
    host.serve(
      'ask',
      async ({ body }) => {
        await host.work('serve', exponential(host.random.at('time', body as number), SERVICE_MS))
        return { status: 200 }
      },
      { concurrency, backlog: 1_000_000 },
    )

/** Mean waits of batches of equal time, the first of them left out: the queue begins empty. */
async function batchMeans(
  c: number,
  rho: number,
  seed: number,
): Promise<{ waits: number[]; utilisation: number }> {
  const gapMs = SERVICE_MS / (c * rho)
  const batchMs = gapMs * BATCH_REQUESTS
  const sums: (readonly [count: number, sumMs: number])[] = []
  const { world } = await play({
    hosts: { server: serving(c), client: arriving(gapMs) },
    routes: ['ask'],
    seed,
    forMs: batchMs * (BATCHES + 1) + 1,
    before(w) {
      const wait = () => w.recorder.part('server').wait
      for (let i = 1; i <= BATCHES + 1; i++)
        w.schedule(i * batchMs, () => sums.push([wait().count, wait().sum]))
    },
  })
  world.recorder.close(world.clock.nowUs)
  const waits = sums.slice(1).map(([count, sum], i) => {
    const [countBefore, sumBefore] = sums[i] ?? [0, 0]
    return (sum - sumBefore) / (count - countBefore)
  })
  return { waits, utilisation: world.recorder.part('server').summary({}).utilisation ?? Number.NaN }
}

test('the formula: known values', () => {
  // M/M/1: an arrival waits with probability ρ. M/M/3 at ρ = 0.8: 0.6472, as tables have it.
  expect(erlangC(1, 0.6)).toBeCloseTo(0.6, 12)
  expect(erlangC(3, 2.4)).toBeCloseTo(0.6472, 4)
  expect(meanWaitMs(1, 0.8)).toBeCloseTo(400, 9)
})

describe.each([
  [1, 0.6],
  [1, 0.8],
  [3, 0.6],
  [3, 0.8],
])('%d slots at ρ = %d', (c, rho) => {
  test('wait as Erlang C says, within the confidence interval of 30 batch means', async () => {
    const { waits, utilisation } = await batchMeans(c, rho, 1)
    const mean = waits.reduce((a, b) => a + b, 0) / BATCHES
    const variance = waits.reduce((sum, wait) => sum + (wait - mean) ** 2, 0) / (BATCHES - 1)
    const halfWidth = T_99 * Math.sqrt(variance / BATCHES)
    expect(waits).toHaveLength(BATCHES)
    expect(Math.abs(mean - meanWaitMs(c, rho))).toBeLessThan(halfWidth)
    // An interval as wide as this or wider would let nearly anything pass.
    expect(halfWidth).toBeLessThan(0.1 * meanWaitMs(c, rho))
    expect(utilisation).toBeCloseTo(rho, 1)
  })
})
