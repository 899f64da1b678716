// The far side of a worker thread: carries out the runs it is sent, one at a time.
import { type MessagePort, parentPort } from 'node:worker_threads'
import { must } from '../base/assert.ts'
import { AftershockError, type ExitCode } from '../base/errors.ts'
import { withOwnKinds } from '../scenario/own-kinds.ts'
import type { Glimpse } from './glimpse.ts'
import type { RunResult } from './result.ts'
import { type RunOrder, runOnce } from './run.ts'

/** What can be sent of an order. */
export type Sent = Omit<RunOrder, 'signal' | 'onProgress' | 'observer' | 'wallMs'>

export type ToWorker = { readonly do: 'run'; readonly order: Sent } | { readonly do: 'stop' }

export type FromWorker =
  | { readonly progress: number; readonly glimpse: Glimpse | undefined }
  | { readonly result: RunResult }
  | { readonly error: SentError }

/** An error's class does not survive the way: what makes it one of ours does. */
export interface SentError {
  readonly message: string
  readonly stack: string | undefined
  readonly ours?: {
    readonly code: string
    readonly exitCode: ExitCode
    readonly hint: string | undefined
  }
}

class Carrier {
  readonly #port: MessagePort
  #running = new AbortController()

  constructor(port: MessagePort) {
    this.#port = port
    port.on('message', (message: ToWorker) => {
      if (message.do === 'stop') this.#running.abort()
      else void this.#carryOut(message.order)
    })
  }

  async #carryOut(order: Sent): Promise<void> {
    const say = (what: FromWorker) => this.#port.postMessage(what)
    this.#running = new AbortController()
    try {
      const result = await runOnce({
        ...order,
        scenario: await withOwnKinds(order.scenario),
        signal: this.#running.signal,
        onProgress: (progress, look) => say({ progress, glimpse: look?.() }),
        // The time is taken where the order was given.
        wallMs: () => 0,
      })
      say({ result })
    } catch (error) {
      say({ error: sent(error) })
    }
  }
}

function sent(error: unknown): SentError {
  if (!(error instanceof Error)) return { message: String(error), stack: undefined }
  const { message, stack } = error
  if (!(error instanceof AftershockError)) return { message, stack }
  const { code, exitCode, hint } = error
  return { message, stack, ours: { code, exitCode, hint } }
}

new Carrier(must(parentPort, 'started as a worker thread'))
