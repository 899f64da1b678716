// How the listeners of a run are reached: on which ports, from containers or from this machine alone, and by which name.
import { lookup } from 'node:dns'
import { createServer, isIPv4, type LookupFunction, type Socket } from 'node:net'
import { AftershockError, ExitCode, messageOf } from '../../base/errors.ts'
import { bridgeAddress, isOnBridge } from './bridges.ts'
import { isLoopback } from './targets.ts'

export interface Exposure {
  /** By caller and part, `analyser objects`; of what is not named a free port is taken. */
  readonly ports: Readonly<Record<string, number>>
  /** Beside loopback. */
  readonly addresses: readonly string[]
  /** Of the machine, in the URLs that processes are given. */
  readonly name: string
}

export const HERE = '127.0.0.1'
export const LOOPBACK_ALONE: Exposure = { ports: {}, addresses: [], name: HERE }

/** What Docker calls the machine that containers run on; one name on both sides, as signed URLs need it. */
export const FROM_CONTAINERS = 'host.docker.internal'

/** Where containers find this machine, on Linux; elsewhere they are led to loopback. */
export function bridgeAddresses(): readonly string[] {
  if (process.platform !== 'linux') return []
  const address = bridgeAddress()
  if (address !== undefined) return [address]
  throw new AftershockError('environment', '--bind bridge: this machine has no docker0', {
    exitCode: ExitCode.environment,
    hint: 'It is there while Docker runs; `aftershock doctor` says how it is installed.',
  })
}

/** This machine, or a container on it: what comes by another way is none of ours, whatever address it was sent to. */
export function isNeighbour(address = ''): boolean {
  const plain = address.replace(/^::ffff:/, '')
  return isLoopback(plain) || (isIPv4(plain) && isOnBridge(plain))
}

/** Listens on further addresses, on the same port, for neighbours alone. */
export async function openSides(
  { addresses }: Pick<Exposure, 'addresses'>,
  port: number,
  accept: (socket: Socket) => void,
): Promise<Disposable> {
  using stack = new DisposableStack()
  for (const address of addresses) {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      if (isNeighbour(socket.remoteAddress)) accept(socket)
      else socket.destroy()
    })
    stack.defer(() => server.close())
    await listening(server, port, address)
  }
  return stack.move()
}

/** Throws AftershockError where the port is taken. */
export async function listening(
  server: {
    once: NodeJS.EventEmitter['once']
    listen(port: number, host: string, on: () => void): unknown
  },
  port: number,
  address = HERE,
): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, address, resolve)
    })
  } catch (error) {
    const why =
      (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? 'it is taken' : messageOf(error)
    throw new AftershockError(
      'environment',
      `cannot listen on port ${port} of ${address}: ${why}`,
      {
        exitCode: ExitCode.environment,
        hint: 'Another program listens there; `listen` may name another port.',
      },
    )
  }
}

/** Of a URL that leads to this machine; empty for any other. */
export function portHere({ hostname, port }: URL): string {
  return [HERE, 'localhost', FROM_CONTAINERS].includes(hostname) ? port : ''
}

/** Where our own side connects to: containers' name of this machine need not mean anything on it. */
export const lookUp: LookupFunction = (hostname, options, callback) => {
  if (hostname !== FROM_CONTAINERS) lookup(hostname, options, callback as never)
  else if (options.all === true) callback(null, [{ address: HERE, family: 4 }])
  else callback(null, HERE, 4)
}
