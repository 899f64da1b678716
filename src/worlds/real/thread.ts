// The thread of the interposers, as the main one sees it: started, told what to do, asked for its books, ended.
import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { AftershockError, ExitCode } from '../../base/errors.ts'
import { leftThread } from '../../base/left-threads.ts'
import type { Fact } from './fact.ts'
import type { LinkAddress } from './interposer/index.ts'
import type { FromInterposer, ToInterposer, WorkerSetup } from './protocol.ts'

type Told = Extract<FromInterposer, { finished: unknown }>['finished']

/** Whoever wants to know what it sees. */
export interface Listener {
  tell(fact: Fact): void
  /** All that it had seen at `atMs` has come; it heard of the question at `seenMs`. */
  hasTold(atMs: number, seenMs: number): void
}

/** An interrupted run reports soon, whatever this thread is busy with. */
const ANSWER_WITHIN_MS = 3_000
/** Then the process ends without it. */
const END_WITHIN_MS = 5_000

export class InterposerThread implements AsyncDisposable {
  readonly links: readonly LinkAddress[]
  readonly #worker: Worker
  readonly #left: Disposable
  /** Rejects when it ends by itself. */
  readonly #ends = Promise.withResolvers<never>()
  readonly #finished = Promise.withResolvers<Told>()

  private constructor(worker: Worker, links: readonly LinkAddress[]) {
    this.#worker = worker
    this.#left = leftThread()
    worker.once('exit', () => this.#left[Symbol.dispose]())
    this.links = links
    // Nobody may be waiting for it.
    this.#ends.promise.catch(() => {})
  }

  /** Throws what it could not start. */
  static async start(module: URL, setup: WorkerSetup): Promise<InterposerThread> {
    const worker = new Worker(module, { workerData: setup, stdout: false, stderr: false })
    try {
      return new InterposerThread(worker, await firstWord(worker))
    } catch (error) {
      await worker.terminate()
      throw error
    }
  }

  /** `http://127.0.0.1:PORT` on which one host reaches another, or the store. */
  addressOf(from: string, to: string): string | undefined {
    const link = this.links.find((l) => l.from === from && l.to === to)
    return link === undefined ? undefined : `http://127.0.0.1:${link.port}`
  }

  /** `onTrouble`: it could not go on, or has ended. */
  listen(listener: Listener | undefined, onTrouble: (error: unknown) => void): void {
    this.#worker.on('message', (message: FromInterposer) => {
      if ('facts' in message) for (const fact of message.facts) listener?.tell(fact)
      else if ('told' in message) listener?.hasTold(message.told.atMs, message.told.seenMs)
      else if ('trouble' in message) onTrouble(received(message.trouble))
      else if ('finished' in message) this.#finished.resolve(message.finished)
    })
    this.#worker.on('error', onTrouble)
    this.#worker.on('exit', (code) => {
      const error = environmental(`the interposers' thread ended with code ${code} during the run`)
      this.#ends.reject(error)
      onTrouble(error)
    })
  }

  tell(message: ToInterposer): void {
    this.#worker.postMessage(message)
  }

  /** What it has seen and not told yet is told first. */
  async finish(when: 'done' | 'soon'): Promise<Told> {
    this.tell({ do: 'finish' })
    const hurry = when === 'soon' ? [silence()] : []
    return await Promise.race([this.#finished.promise, this.#ends.promise, ...hurry])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#worker.removeAllListeners()
    const ended = this.#worker.terminate().then(() => this.#left[Symbol.dispose]())
    await Promise.race([ended, sleep(END_WITHIN_MS, undefined, { ref: false })])
  }
}

async function silence(): Promise<never> {
  await sleep(ANSWER_WITHIN_MS, undefined, { ref: false })
  throw environmental("the interposers' thread does not answer: what it had seen is lost")
}

function firstWord(worker: Worker): Promise<readonly LinkAddress[]> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number) =>
      reject(environmental(`the interposers' thread ended with code ${code} before it was ready`))
    worker.once('error', reject)
    worker.once('exit', onExit)
    worker.once('message', (message: FromInterposer) => {
      worker.off('error', reject).off('exit', onExit)
      if ('ready' in message) resolve(message.ready)
      else if ('trouble' in message) reject(received(message.trouble))
    })
  })
}

function received({
  message,
  hint,
  code,
  exitCode,
}: Extract<FromInterposer, { trouble: unknown }>['trouble']): AftershockError {
  return new AftershockError(code, message, {
    exitCode: exitCode as ExitCode,
    ...(hint === undefined ? {} : { hint }),
  })
}

function environmental(message: string): AftershockError {
  return new AftershockError('environment', message, { exitCode: ExitCode.environment })
}
