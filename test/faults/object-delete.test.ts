// Objects that vanish: when on the wire, and how many.
import { describe, expect, test } from 'vitest'
import { ended, type Injected, inject, type Main, play } from '../run/play.ts'

const always = (options: Injected['options']) => inject(0, 20_000, options)

describe('objects deleted', () => {
  const gone = async (options: object) => {
    const client: Main = async (host, tell) => {
      host.serve('publish', () => ({ status: 200 }))
      const say = async (what: string, call: Promise<unknown>) =>
        tell(`${what} ${await ended(call)}`)
      await say('put', host.objects.put('cam/1.jpg', 1))
      await say('head', host.objects.head('cam/1.jpg'))
      await say('post', host.http.call('client', 'publish', { params: { key: 'cam/1.jpg' } }))
      await say('head', host.objects.head('cam/1.jpg'))
      await say('fetch', host.http.fetch(await host.objects.presignGet('cam/1.jpg', 60)))
      await host.clock.sleep(5_000)
      await say('head', host.objects.head('cam/1.jpg'))
    }
    const { told, faults } = await play({
      hosts: { client },
      routes: ['publish'],
      faults: [always({ kind: 'object.delete', ...options })],
    })
    return {
      told: told.map((line) => line.replace(/^\d+ client: /, '')).join(', '),
      touched: faults[0]?.touched,
    }
  }

  test.each([
    [{ after: 'put' }, 'put ok, head http-404, post 200, head http-404, fetch 404, head http-404'],
    [
      { before: 'head' },
      'put ok, head http-404, post 200, head http-404, fetch 404, head http-404',
    ],
    // The race of seed 001: the check still saw it.
    [{ after: 'head' }, 'put ok, head ok, post 200, head http-404, fetch 404, head http-404'],
    [{ after: 'post' }, 'put ok, head ok, post 200, head http-404, fetch 404, head http-404'],
    [{ before: 'fetch' }, 'put ok, head ok, post 200, head ok, fetch 404, head http-404'],
    [{ after: 'fetch' }, 'put ok, head ok, post 200, head ok, fetch 200, head http-404'],
    [{ after: 'put', delay: '3s' }, 'put ok, head ok, post 200, head ok, fetch 200, head http-404'],
  ])('%j', async (options, told) => {
    expect(await gone(options)).toEqual({ told, touched: 1 })
  })

  test('one draw for each object, or one for each call', async () => {
    const heads = async (perObject: boolean) => {
      const client: Main = async (host) => {
        for (let i = 0; i < 300; i++) {
          const key = `cam/${i}.jpg`
          await host.objects.put(key, 1)
          for (let n = 0; n < 4; n++) await ended(host.objects.head(key))
        }
      }
      const { faults } = await play({
        hosts: { client },
        faults: [
          inject(0, 200_000, {
            kind: 'object.delete',
            before: 'head',
            probability: 0.3,
            perObject,
          }),
        ],
        forMs: 200_000,
      })
      return faults[0]?.touched ?? 0
    }
    // Binomial(300, p), 4 σ: p is 0.3, or 1 − 0.7⁴ where each of four calls may do it.
    expect(Math.abs((await heads(true)) - 300 * 0.3)).toBeLessThan(4 * Math.sqrt(300 * 0.3 * 0.7))
    const p = 1 - 0.7 ** 4
    expect(Math.abs((await heads(false)) - 300 * p)).toBeLessThan(4 * Math.sqrt(300 * p * (1 - p)))
  })
})
