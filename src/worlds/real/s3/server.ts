// The embedded S3 server: the virtual world's store over HTTP, for machines that have no other.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AftershockError, ExitCode, messageOf } from '../../../base/errors.ts'
import type { Headers } from '../sigv4.ts'
import { admitSigning, authenticate } from './authentication.ts'
import { Uploads } from './multipart.ts'
import { Refusal } from './refusals.ts'
import { type About, type Reply, refusalReply } from './reply.ts'
import { admit, readRequest, type S3Request } from './request.ts'
import { Routing } from './routing.ts'
import { Storage } from './storage.ts'

export interface S3Options {
  /** The server's time, milliseconds since the epoch: what dates and expiries are judged by. */
  readonly clock: { now(): number }
  readonly credentials: { readonly accessKey: string; readonly secretKey: string }
  /** Requests signed for another are refused. Default: all are taken. */
  readonly region?: string
  readonly host?: string
  /** Default: one that is free. */
  readonly port?: number
  readonly buckets?: readonly string[]
  /** All objects together; beyond it uploads are refused as on a full disk. */
  readonly capBytes?: number
  /** Something here threw: the client is told of an internal error. */
  readonly onTrouble?: (error: unknown) => void
}

export interface S3Server extends AsyncDisposable {
  readonly url: string
  readonly port: number
}

const GIBIBYTE = 1 << 30
/** As Go's server takes them: what is over 8 kB is refused in S3's words, and only what is beyond this in HTTP's. */
const LARGEST_HEADERS = 1 << 20
const KEEP_ALIVE_MS = 60_000

export async function startS3Server(options: S3Options): Promise<S3Server> {
  const { host = '127.0.0.1', port = 0, buckets = [], clock } = options
  const storage = new Storage(options.capBytes ?? GIBIBYTE)
  for (const name of buckets) storage.make(name, clock.now())
  const site = new Site(options, storage)
  const server = createServer(
    { maxHeaderSize: LARGEST_HEADERS, keepAliveTimeout: KEEP_ALIVE_MS },
    (incoming, outgoing) =>
      void site.serve(incoming, outgoing).catch((error: unknown) => {
        options.onTrouble?.(error)
        outgoing.destroy()
      }),
  )
  await listening(server, port, host)
  const address = server.address() as AddressInfo
  return {
    url: `http://${address.family === 'IPv6' ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new AftershockError(
          'environment',
          `the embedded S3 server cannot listen on ${host}:${port}: ${messageOf(cause)}`,
          { exitCode: ExitCode.environment, hint: 'Name a port that is free, or none.', cause },
        ),
      ),
    )
    server.listen(port, host, resolve)
  })
}

class Site {
  readonly #options: S3Options
  readonly #storage: Storage
  readonly #routing: Routing
  #requests = 0

  constructor(options: S3Options, storage: Storage) {
    this.#options = options
    this.#storage = storage
    this.#routing = new Routing(new Uploads(), options.region)
  }

  async serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const requestId = (++this.#requests).toString(16).toUpperCase().padStart(16, '0')
    const reply = await this.#reply(incoming, requestId)
    // A client that left before its body was complete is not answered.
    if (incoming.errored !== null || outgoing.destroyed) return
    this.#write(outgoing, reply, requestId)
    // What is left of a body that was refused stands before the connection's next request.
    incoming.resume()
  }

  async #reply(incoming: IncomingMessage, requestId: string): Promise<Reply> {
    const { region, credentials, clock } = this.#options
    const { method = '', url = '' } = incoming
    let about: About = { method, resource: url, region, requestId, hostId: HOST_ID }
    try {
      const request = readRequest(incoming)
      about = { ...about, resource: request.path }
      admitSigning(request, clock.now())
      admit(request)
      const operation = this.#routing.operationOf(request)
      if (operation === undefined) throw unsupported(request)
      about = { ...about, bucket: request.bucket, key: request.key }
      operation.admit?.(request)
      const guard = {
        credentials,
        region: operation.anyRegion === true ? undefined : region,
        nowMs: clock.now(),
      }
      const signed = authenticate(request, guard)
      const now = () => clock.now()
      return await operation.run({ request, signed, storage: this.#storage, now })
    } catch (error) {
      if (error instanceof Refusal) return refusalReply(error, about)
      if (incoming.errored === null) this.#options.onTrouble?.(error)
      return refusalReply(new Refusal('ourBug'), about)
    }
  }

  #write(outgoing: ServerResponse, { status, headers, body }: Reply, requestId: string): void {
    const { region, clock } = this.#options
    const hasBody = status !== 204 && status !== 304
    outgoing.writeHead(status, {
      server: 'Aftershock',
      date: new Date(clock.now()).toUTCString(),
      'accept-ranges': 'bytes',
      'x-amz-request-id': requestId,
      'x-amz-id-2': HOST_ID,
      ...(region === undefined ? {} : { 'x-amz-bucket-region': region }),
      ...sendable(headers ?? {}),
      ...(hasBody ? { 'content-length': Buffer.byteLength(body ?? '') } : {}),
    })
    outgoing.end(body)
  }
}

const HOST_ID = 'aftershock'

function unsupported({ method, path }: S3Request): Refusal {
  const message = `An unsupported API call for method: ${method} at '${path}'`
  return new Refusal({ status: 400, code: 'BadRequest', message })
}

/** Node writes headers as Latin-1; what they hold is UTF-8, as it came. A line's end in one would begin another. */
function sendable(headers: Headers): Headers {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/g
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Buffer.from(value.replaceAll(controls, ' ')).toString('latin1'),
    ]),
  )
}
