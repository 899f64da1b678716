// Ports for processes that listen by themselves, and again after a restart: nobody else may get them in between.
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { AftershockError, ExitCode } from '../../base/errors.ts'
import { HERE } from './exposure.ts'

/** Below those that systems give to whoever asks for any: from 32768 on (Linux), from 49152 on (IANA, macOS, Windows). */
const FIRST = 20_000
const LAST = 32_767
const TRIES = 100

/** A port of loopback that nobody listens on. Throws AftershockError where none is found. */
export async function freePort(): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    const port = randomInt(FIRST, LAST + 1)
    if (await isFree(port)) return port
  }
  throw new AftershockError(
    'environment',
    `no port of 127.0.0.1 between ${FIRST} and ${LAST} is free`,
    {
      exitCode: ExitCode.environment,
    },
  )
}

/** Whether it can be listened on here. */
export async function isFree(port: number, host = HERE): Promise<boolean> {
  const server = createServer()
  try {
    server.listen(port, host)
    await once(server, 'listening')
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
