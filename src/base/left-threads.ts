// Threads that may never end, and how the process ends without them.
import { existsSync } from 'node:fs'

const SHELL = '/bin/sh'
/** Who listens is a thread that has not ended, though it was told to, or was not told yet. */
const LEFT = 'aftershock: a thread is left'

/** Until disposed of, the process does not wait for a thread when it ends. */
export function leftThread(): Disposable {
  const listener = () => {}
  process.on(LEFT as 'exit', listener)
  return { [Symbol.dispose]: () => void process.off(LEFT as 'exit', listener) }
}

/**
 * Node joins all threads before it exits, and one with sockets may close them for ever (a loop in its
 * `CleanupHandles`), heedless of any signal. Where such a thread is left, what listens for the exit is told, and the
 * process becomes another that ends with the same code at once; elsewhere this returns.
 */
export function endWithoutThreads(code: number): void {
  if (process.listenerCount(LEFT) === 0) return
  if (process.execve === undefined || !existsSync(SHELL)) return
  process.emit('exit', code)
  process.execve(SHELL, ['sh', '-c', `exit ${code}`])
}
