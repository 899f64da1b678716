// How the mocks behave under load: slower, shedding, erring, and with quotas by real windows.
import { expect, test } from 'vitest'
import { z } from 'zod'
import { modelOptions, serveModel } from '../../mocks/service-model.ts'
import { ended, type Main, play } from '../run/play.ts'

const schema = z.strictObject(modelOptions({ time: '1s', concurrency: 100, bears: 10 }))

/** What `n` calls at once are answered, and after how many seconds. */
async function ask(options: z.input<typeof schema>, n: number, everyMs = 0): Promise<string[]> {
  const told: string[] = []
  const server: Main = (host) =>
    serveModel(host, schema.parse(options), {
      route: 'ask',
      taskOf: ({ params }) => params.key ?? '',
      error: () => ({ status: 500 }),
      limited: () => ({ status: 429 }),
      answer: () => ({ status: 200 }),
    })
  const client: Main = async (host) => {
    const one = async (i: number) => {
      await host.clock.sleep(1_000 + i * everyMs)
      const fromMs = host.clock.monotonic()
      const reply = host.http.call('server', 'ask', { params: { key: String(i) } })
      const how = await ended(reply)
      const after = how === '429' ? ` retry-after ${(await reply).headers['retry-after']}` : ''
      told.push(`${how}${after} ${Math.round((host.clock.monotonic() - fromMs) / 100) / 10}`)
    }
    await Promise.all(Array.from({ length: n }, (_, i) => one(i)))
  }
  await play({ hosts: { server, client }, routes: ['ask'], forMs: 400_000 })
  return told
}

test('as many as it bears take their time, and no more', async () => {
  expect(await ask({}, 10)).toEqual(Array.from({ length: 10 }, () => '200 1'))
})

test('the more it has in hand, the longer each takes', async () => {
  const seconds = (await ask({}, 40)).map((line) => Number(line.split(' ')[1]))
  expect([Math.min(...seconds), Math.max(...seconds)]).toEqual([1, 4])
  const congested = (await ask({ exponent: 2 }, 40)).map((line) => Number(line.split(' ')[1]))
  expect(Math.max(...congested)).toBe(16)
})

test('above its share it sheds, the more the fuller it is', async () => {
  const cut = (lines: readonly string[]) => lines.filter((line) => line.startsWith('reset')).length
  expect(cut(await ask({ sheds: 0.3 }, 30))).toBe(0)
  const [some, most] = [cut(await ask({ sheds: 0.3 }, 60)), cut(await ask({ sheds: 0.3 }, 100))]
  expect(some).toBeGreaterThan(2)
  expect(most).toBeGreaterThan(some)
})

test('a quota is counted in windows, and says when the next begins', async () => {
  const lines = await ask({ quota: { requests: 3, per: '10s' }, time: '10ms' }, 12, 1_000)
  const told = [...lines].map((line) => line.replace(/ [\d.]+$/, ''))
  expect(told).toEqual([
    '200',
    '200',
    '200',
    '429 retry-after 6',
    '429 retry-after 5',
    '429 retry-after 4',
    '429 retry-after 3',
    '429 retry-after 2',
    '429 retry-after 1',
    '200',
    '200',
    '200',
  ])
})

test('errors are as frequent as they are said to be', async () => {
  const lines = await ask({ errors: 0.3, time: '1ms', bears: 100 }, 100)
  const errors = lines.filter((line) => line.startsWith('500')).length
  expect(errors).toBeGreaterThan(15)
  expect(errors).toBeLessThan(46)
})
