// Code that runs on hosts and goes wrong: whose fault it is, and where it stands.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { AftershockError, ExitCode } from '../../../src/base/errors.ts'
import { untilItStops } from '../../../src/run/conduct.ts'
import { emptyWorld, ended, type Main, play } from '../../run/play.ts'

/** The test runner listens too, and would count what these tests provoke as its own failures. */
const others: NodeJS.UnhandledRejectionListener[] = []
beforeEach(() => {
  others.push(...process.listeners('unhandledRejection'))
  process.removeAllListeners('unhandledRejection')
})
afterEach(() => {
  for (const listener of others.splice(0)) process.on('unhandledRejection', listener)
})

/** What the user is told. */
async function failure(hosts: Readonly<Record<string, Main>>) {
  const world = emptyWorld({ routes: ['ask'] })
  for (const [name, main] of Object.entries(hosts))
    world.addHost(name, (host) => main(host, () => {}))
  world.schedule(60_000, () => world.clock.stop())
  world.schedule(0, () => world.startHosts())
  try {
    await untilItStops(world)
  } catch (error) {
    if (!(error instanceof AftershockError)) throw error
    return { exitCode: error.exitCode, message: error.message, hint: error.hint }
  }
  return undefined
}
const here = expect.stringMatching(/^first thrown at .*hosts-code\.test\.ts:\d+:\d+$/)
const userCode = (message: string, hint: unknown = here) => ({
  exitCode: ExitCode.userCode,
  message,
  hint,
})
const asking: Main = async (host) => void (await host.http.call('server', 'ask'))

describe('ends the run with 107', () => {
  test.each<[string, Record<string, Main>, string]>([
    [
      'main',
      {
        server: () => {
          throw new Error('no file')
        },
      },
      'server threw: no file',
    ],
    [
      'main, later',
      {
        server: async (host) => {
          await host.clock.sleep(5)
          throw new Error('no file')
        },
      },
      'server threw: no file',
    ],
    [
      'a handler',
      {
        server: (host) =>
          host.serve('ask', () => {
            throw new Error('bug')
          }),
        client: asking,
      },
      'server, route ask, threw: bug',
    ],
    [
      'a handler, later',
      {
        server: (host) =>
          host.serve('ask', async () => {
            await host.clock.sleep(5)
            throw new TypeError('bug')
          }),
        client: asking,
      },
      'server, route ask, threw: bug',
    ],
    [
      'a promise that nobody awaited',
      {
        server: (host) =>
          void host.clock.sleep(5).then(() => {
            throw new Error('lost')
          }),
      },
      "a promise that nobody awaited, such as an intake's, threw: lost",
    ],
    [
      'a host that is not there',
      { client: asking },
      "client, call of ask, threw: there is no host 'server'",
    ],
    [
      'a route that nobody declared',
      { server: async (host) => void (await host.http.call('server', 'other')) },
      "server, threw: route 'other' is not declared by the pipeline",
    ],
    [
      'a URL that nobody signed',
      { client: async (host) => void (await host.http.fetch('http://example.com/x')) },
      "client, fetch(), threw: 'http://example.com/x' is not a presigned URL of this world",
    ],
  ])('%s', async (_what, hosts, message) => {
    expect(await failure(hosts)).toEqual(userCode(message, expect.any(String)))
  })

  test('and says where', async () => {
    expect(
      await failure({
        server: (host) => void host.clock.sleep(5).then(() => Promise.reject(new Error('lost'))),
      }),
    ).toEqual(userCode("a promise that nobody awaited, such as an intake's, threw: lost"))
    expect(
      await failure({
        server: () => {
          throw new Error('no file')
        },
      }),
    ).toEqual(userCode('server threw: no file'))
  })

  test('a call whose failure nobody caught', async () => {
    // Its server died, or refused: expected trouble, which the caller has to expect.
    expect(await failure({ server: () => {}, client: asking })).toEqual(
      userCode('client threw: refused', 'Expected failures of a call are CallErrors: catch those.'),
    )
  })

  test('the first of several errors of one instant, and none is left behind', async () => {
    const stray: unknown[] = []
    const listen = (error: unknown) => stray.push(error)
    process.on('unhandledRejection', listen)
    const bad: Main = async (host) => {
      void host.clock.sleep(5).then(() => {
        throw new Error('second')
      })
      await Promise.resolve()
      await host.clock.sleep(5)
      throw new Error('first')
    }
    const told = await failure({ a: bad, b: bad })
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', listen)
    expect(told?.exitCode).toBe(ExitCode.userCode)
    expect(process.listenerCount('unhandledRejection')).toBe(0)
  })
})

describe('goes on', () => {
  const told = async (hosts: Readonly<Record<string, Main>>) => {
    const lines = (await play({ hosts, routes: ['ask'], forMs: 9_000 })).told
    return lines.map((line) => line.replace(/^\d+ /, ''))
  }

  test('a failed call inside a handler is a 500 to its caller', async () => {
    const server: Main = (host) =>
      host.serve('ask', async () => {
        await host.objects.head('nothing')
        return { status: 200 }
      })
    const client: Main = async (host, tell) => {
      const reply = await host.http.call('server', 'ask')
      tell(`${reply.status} ${JSON.stringify(await reply.body())}`)
    }
    expect(await told({ server, client })).toEqual(['client: 500 {"error":"http-404"}'])
  })

  test('an unknown route of a known host is a 404', async () => {
    const client: Main = async (host, tell) => {
      const reply = await host.http.call('server', 'ask')
      tell(`${reply.status} ${JSON.stringify(await reply.body())}`)
    }
    const server: Main = (host) => host.intake(() => {})
    expect(await told({ server, client })).toEqual(['client: 404 {"error":"no route ask"}'])
  })

  test('a host that serves nothing refuses', async () => {
    const client: Main = async (host, tell) => tell(await ended(host.http.call('server', 'ask')))
    expect(await told({ server: () => {}, client })).toEqual(['client: refused'])
  })
})
