// A TCP proxy for what speaks no HTTP: Redis, PostgreSQL. Its conditions hold for open connections, too.
import net, { type AddressInfo, type Server, type Socket } from 'node:net'
import { type Exposure, LOOPBACK_ALONE, listening, openSides } from '../exposure.ts'
import { type Conditions, Direction, type Draw, HEALTHY } from './shaped.ts'

export interface TcpTarget {
  readonly host: string
  readonly port: number
}

interface Connection {
  readonly client: Socket
  readonly upstream: Socket
  readonly up: Direction
  readonly down: Direction
}

export class TcpProxy implements AsyncDisposable {
  readonly #target: TcpTarget
  readonly #draw: Draw
  readonly #connections = new Set<Connection>()
  #server: Server | undefined
  readonly #exposure: Exposure
  #sides: Disposable | undefined
  #port: number
  #conditions = HEALTHY
  #shapedBefore = 0
  readonly #onAnswers = new Set<(chunk: Buffer) => void>()

  /** `draw` decides the jitter. */
  constructor(target: TcpTarget, draw: Draw, exposure: Exposure = LOOPBACK_ALONE, port = 0) {
    this.#target = target
    this.#draw = draw
    this.#exposure = exposure
    this.#port = port
  }

  get port(): number {
    return this.#port
  }

  /** Connections that are open now. */
  get open(): number {
    return this.#connections.size
  }

  /** On loopback; the same port again after `refuse`. */
  async listen(): Promise<number> {
    const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (client) =>
      this.#accept(client),
    )
    await listening(server, this.#port)
    this.#server = server
    this.#port = (server.address() as AddressInfo).port
    this.#sides = await openSides(this.#exposure, this.#port, (client) => this.#accept(client))
    return this.#port
  }

  /** New connections are refused until `listen` is called again; open ones stay. */
  async refuse(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    this.#sides?.[Symbol.dispose]()
    if (server === undefined) return
    // Its callback waits for the connections; the port is free at once.
    server.close()
    await new Promise((turn) => setImmediate(turn))
  }

  /** Chunks from clients that something was wrong with, so far. */
  get shaped(): number {
    return [...this.#connections].reduce((sum, { up }) => sum + up.shaped, this.#shapedBefore)
  }

  /** Shows what comes back from the server, until disposed of. */
  watch(onAnswer: (chunk: Buffer) => void): Disposable {
    this.#onAnswers.add(onAnswer)
    return { [Symbol.dispose]: () => this.#onAnswers.delete(onAnswer) }
  }

  /** What is wrong from now on, on new and open connections. How many are open. */
  set(conditions: Partial<Conditions>): number {
    this.#conditions = { ...HEALTHY, ...conditions }
    for (const { up, down } of this.#connections) {
      up.set(this.#conditions)
      down.set(this.#conditions)
    }
    return this.#connections.size
  }

  /** Cuts every open connection with a reset, on both sides. How many there were. */
  reset(): number {
    const cut = [...this.#connections]
    for (const { client, upstream } of cut) {
      client.resetAndDestroy()
      upstream.resetAndDestroy()
    }
    return cut.length
  }

  #accept(client: Socket): void {
    const upstream = net.connect({ ...this.#target, allowHalfOpen: true, noDelay: true })
    const connection = {
      client,
      upstream,
      up: new Direction(client, upstream, this.#draw),
      down: new Direction(upstream, client, this.#draw),
    }
    this.#connections.add(connection)
    connection.up.set(this.#conditions)
    connection.down.set(this.#conditions)
    const over = () => {
      if (!this.#connections.delete(connection)) return
      this.#shapedBefore += connection.up.shaped
      connection.up.close()
      connection.down.close()
    }
    upstream.on('data', (chunk: Buffer) => {
      for (const onAnswer of this.#onAnswers) onAnswer(chunk)
    })
    // A side that breaks breaks the other; a side that ends is passed on by its direction.
    client.on('error', () => upstream.resetAndDestroy())
    upstream.on('error', () => client.resetAndDestroy())
    client.on('close', () => {
      if (!upstream.destroyed && client.errored === null) upstream.destroySoon()
      over()
    })
    upstream.on('close', () => {
      if (!client.destroyed && !this.#conditions.halfOpen) client.destroySoon()
      over()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { client, upstream } of this.#connections) {
      client.destroy()
      upstream.destroy()
    }
    const server = this.#server
    this.#sides?.[Symbol.dispose]()
    if (server !== undefined) await new Promise((closed) => server.close(closed))
  }
}
