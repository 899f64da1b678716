// Where calls enter an interposer: a listener of its own, and whatever comes to it by another way.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { type Exposure, listening, openSides } from '../exposure.ts'

export type Receive = (request: http.IncomingMessage, response: http.ServerResponse) => void

export class Entrance {
  readonly #receive: Receive
  readonly #http: http.Server
  readonly #open = new Set<Duplex>()
  #sides: Disposable | undefined

  constructor(receive: Receive) {
    this.#receive = receive
    this.#http = http.createServer({ keepAliveTimeout: 60_000 }, receive)
    this.#http.on('connection', (socket) => {
      socket.setNoDelay(true)
      this.#open.add(socket)
      socket.on('close', () => this.#open.delete(socket))
    })
  }

  /** The port; 0 takes a free one. */
  async listen(port: number, exposure: Exposure): Promise<number> {
    await listening(this.#http, port)
    const own = (this.#http.address() as AddressInfo).port
    this.#sides = await openSides(exposure, own, (socket) => this.accept(socket))
    return own
  }

  /** A connection that came through a tunnel. */
  accept(socket: Duplex): void {
    this.#http.emit('connection', socket)
  }

  /** A request that was sent to a proxy. */
  handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.#receive(request, response)
  }

  close(): void {
    this.#sides?.[Symbol.dispose]()
    this.#http.close()
    for (const socket of this.#open) socket.destroy()
  }
}
