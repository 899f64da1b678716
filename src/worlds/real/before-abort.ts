// Gives an operation up when its time is over, whether it heeds the signal or not: a client may wait for ever.

/** Rejects with the signal's reason. What the operation does after that is nobody's business. */
export function beforeAbort<T>(operation: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  const stop = () => reject(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  operation.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  return promise
}
