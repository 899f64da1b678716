// Runs on several cores: worker threads that take one run at a time. What comes out does not depend on how many.
import { Worker } from 'node:worker_threads'
import { must } from '../base/assert.ts'
import { AftershockError, ExitCode } from '../base/errors.ts'
import type { FromWorker, SentError, ToWorker } from './carrier.ts'
import type { Executor } from './executor.ts'
import type { RunResult } from './result.ts'
import type { RunOrder } from './run.ts'

/** Beside this module, compiled or not. */
const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js',
  import.meta.url,
)

export class WorkerPool implements Executor, AsyncDisposable {
  readonly width: number
  readonly #idle: Worker[] = []
  readonly #all = new Set<Worker>()

  /** Threads start when they are first needed. */
  constructor(width: number) {
    this.width = width
  }

  async execute(order: RunOrder): Promise<RunResult> {
    const worker = this.#idle.pop() ?? this.#start()
    const startedMs = order.wallMs()
    try {
      const result = await carryOut(worker, order)
      this.#idle.push(worker)
      return { ...result, wallMs: order.wallMs() - startedMs }
    } catch (error) {
      this.#all.delete(worker)
      await worker.terminate()
      throw error
    }
  }

  #start(): Worker {
    const worker = new Worker(ENTRY)
    this.#all.add(worker)
    return worker
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#all].map((worker) => worker.terminate()))
    this.#all.clear()
    this.#idle.length = 0
  }
}

function carryOut(worker: Worker, order: RunOrder): Promise<RunResult> {
  const { signal, onProgress, observer, wallMs: _wallMs, ...sendable } = order
  must(observer === undefined ? true : undefined, 'a run that is watched runs in this thread')
  const tell = (message: ToWorker) => worker.postMessage(message)
  const stop = () => tell({ do: 'stop' })
  return new Promise<RunResult>((resolve, reject) => {
    const onMessage = (message: FromWorker) => {
      if ('progress' in message) {
        const { progress, glimpse } = message
        onProgress?.(progress, glimpse === undefined ? undefined : () => glimpse)
      } else if ('result' in message) settle(() => resolve(message.result))
      else settle(() => reject(received(message.error)))
    }
    const onError = (error: unknown) => settle(() => reject(error))
    const onExit = (code: number) =>
      settle(() =>
        reject(
          new AftershockError('worker', `a worker thread ended with code ${code} during a run`, {
            exitCode: ExitCode.environment,
            hint: 'Fewer at a time need less memory: --workers 1.',
          }),
        ),
      )
    const settle = (end: () => void) => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit)
      signal?.removeEventListener('abort', stop)
      end()
    }
    worker.on('message', onMessage).on('error', onError).on('exit', onExit)
    signal?.addEventListener('abort', stop)
    tell({ do: 'run', order: sendable })
    if (signal?.aborted === true) stop()
  })
}

function received({ message, stack, ours }: SentError): Error {
  const error =
    ours === undefined
      ? new Error(message)
      : new AftershockError(ours.code, message, {
          exitCode: ours.exitCode,
          ...(ours.hint === undefined ? {} : { hint: ours.hint }),
        })
  if (stack !== undefined) error.stack = stack
  return error
}
