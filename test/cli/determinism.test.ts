// A run that something outside its world decides: found, and the first event that differs is named.
import { expect, test } from 'vitest'
import { AftershockError, ExitCode } from '../../src/base/errors.ts'
import { DeterminismCheck } from '../../src/cli/determinism.ts'
import { pipelines } from '../../src/scenario/schema.ts'
import { resolve } from '../run/scenarios.ts'

test('names the first event that differs', async () => {
  const scenario = await resolve({
    load: { kind: 'arrivals', rate: '1/s', for: '10s' },
    thresholds: { item_lost: ['rate<1'] },
  })
  // The analyser waits a little longer every time it is started in this process.
  const inference = pipelines.find((p) => p.kind === 'inference')
  if (inference === undefined) throw new Error('there is an inference pipeline')
  let starts = 0
  const { hosts } = inference
  const leaking = (options: Parameters<typeof hosts>[0]) =>
    hosts(options).map((plan) =>
      plan.name === 'analyser'
        ? {
            ...plan,
            main: async (host: Parameters<typeof plan.main>[0]) => {
              await host.clock.sleep(1_000 * ++starts)
              await plan.main(host)
            },
          }
        : plan,
    )
  Object.assign(inference, { hosts: leaking })
  try {
    await using check = new DeterminismCheck(undefined)
    const order = { scenario, file: 'x.ts', variant: 'v', brief: false, seed: 1, wallMs: () => 0 }
    const error = await check.execute(order).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AftershockError)
    const { message, exitCode } = error as AftershockError
    expect(exitCode).toBe(ExitCode.nondeterminism)
    const [where, first, second] = message.split('\n')
    expect(where).toMatch(/^x\.ts · v · seed 1: two runs part at event \d+$/)
    const events = [first, second].map(
      (line) => JSON.parse((line ?? '').replace(/^ {2}(first|second): +/, '')) as { atMs: number },
    )
    expect(events[0]).not.toEqual(events[1])
  } finally {
    Object.assign(inference, { hosts })
  }
})
