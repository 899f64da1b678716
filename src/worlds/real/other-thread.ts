// What the interposers' thread says first, and what went wrong there, in the words of this one.
import type { Worker } from 'node:worker_threads'
import { AftershockError, ExitCode } from '../../base/errors.ts'
import type { LinkAddress } from './interposer/index.ts'
import type { FromInterposer } from './protocol.ts'

/** Resolves when it is ready: its links. Throws what it could not start. */
export function firstWord(worker: Worker): Promise<readonly LinkAddress[]> {
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

export function received({
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

export function environmental(message: string): AftershockError {
  return new AftershockError('environment', message, { exitCode: ExitCode.environment })
}
