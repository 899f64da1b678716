// The way out of one process: a proxy that answers for the names which the scenario declares, and for no other.
import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import tls from 'node:tls'
import { type Exposure, listening, openSides } from '../exposure.ts'
import type { Tell } from '../fact.ts'
import type { Entrance } from '../interposer/entrance.ts'
import type { RealTime } from '../time.ts'
import type { Certificate } from './authority.ts'
import { type Names, type Place, placeIn, standInFor } from './places.ts'

export interface DoorSetup {
  /** Whose it is. */
  readonly from: string
  readonly names: Names
  readonly certificates: Readonly<Record<string, Certificate>>
  /** The caller's interposer before an upstream: faults act there, behind the end of TLS. */
  readonly entranceTo: (upstream: string) => Entrance | undefined
  readonly tell: Tell
  readonly time: RealTime
}

/** The first byte of a TLS handshake; HTTP begins with a letter. */
const HANDSHAKE = 0x16

export class Door {
  readonly #setup: DoorSetup
  readonly #http: http.Server
  readonly #open = new Set<Duplex>()
  #sides: Disposable | undefined
  readonly #contexts = new Map<string, tls.SecureContext>()

  constructor(setup: DoorSetup) {
    this.#setup = setup
    this.#http = http.createServer((request, response) => this.#plain(request, response))
    this.#http.on('connect', (request, socket, head) =>
      this.#tunnel(request.url ?? '', socket, head),
    )
    this.#http.on('connection', (socket) => {
      this.#open.add(socket)
      socket.on('close', () => this.#open.delete(socket))
    })
  }

  /** The port; 0 takes a free one. */
  async listen(port: number, exposure: Exposure): Promise<number> {
    await listening(this.#http, port)
    const own = (this.#http.address() as AddressInfo).port
    const enter = (socket: Duplex) => void this.#http.emit('connection', socket)
    this.#sides = await openSides(exposure, own, enter)
    return own
  }

  close(): void {
    this.#sides?.[Symbol.dispose]()
    this.#http.close()
    for (const socket of this.#open) socket.destroy()
  }

  /** `GET http://name/path`, as proxies are asked for what is not encrypted. */
  #plain(request: http.IncomingMessage, response: http.ServerResponse): void {
    const url = URL.parse(request.url ?? '')
    const place = url?.protocol === 'http:' ? placeIn(url.host, 80) : undefined
    const entrance = place === undefined ? undefined : this.#entranceFor(place)
    if (url === null || entrance === undefined) {
      this.#refuse(place ?? { host: request.url ?? '', port: 0 })
      response.writeHead(403, { 'content-type': 'text/plain' }).end(NOBODY)
      return
    }
    request.url = url.pathname + url.search
    entrance.handle(request, response)
  }

  #tunnel(target: string, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy())
    const place = placeIn(target, 443)
    const entrance = place === undefined ? undefined : this.#entranceFor(place)
    if (place === undefined || entrance === undefined) {
      this.#refuse(place ?? { host: target, port: 0 })
      socket.end(
        `HTTP/1.1 403 Forbidden\r\ncontent-type: text/plain\r\nconnection: close\r\n\r\n${NOBODY}`,
      )
      return
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    if (head.length > 0) socket.unshift(head)
    // Some clients ask for a tunnel whatever goes through it: what comes first tells.
    socket.once('readable', () => {
      const first: Buffer | null = socket.read()
      if (first === null) return
      socket.unshift(first)
      if (first[0] === HANDSHAKE) this.#decrypt(place, socket as Socket, entrance)
      else entrance.accept(socket)
    })
  }

  #decrypt(place: Place, socket: Socket, entrance: Entrance): void {
    const secure = new tls.TLSSocket(socket, {
      isServer: true,
      secureContext: this.#contextFor(place.host),
      ALPNProtocols: ['http/1.1'],
    })
    // A fault resets what is below: an encrypted socket has no handle that it could be done to.
    secure.resetAndDestroy = () => {
      socket.resetAndDestroy()
      return secure
    }
    let isAgreed = false
    secure.once('secure', () => {
      isAgreed = true
      entrance.accept(secure)
    })
    secure.on('error', () => secure.destroy())
    // Whoever does not trust a certificate goes without a word.
    secure.once('end', () => isAgreed || secure.destroy())
    secure.once('close', () => {
      if (!isAgreed) this.#tell(place, 'untrusting')
    })
  }

  #contextFor(name: string): tls.SecureContext {
    const known = this.#contexts.get(name)
    if (known !== undefined) return known
    const context = tls.createSecureContext(this.#setup.certificates[name])
    this.#contexts.set(name, context)
    return context
  }

  #entranceFor(place: Place): Entrance | undefined {
    const { names, entranceTo } = this.#setup
    const upstream = standInFor(place, names)
    return upstream === undefined ? undefined : entranceTo(upstream)
  }

  #refuse(place: Place): void {
    this.#tell(place, 'undeclared')
  }

  #tell({ host, port }: Place, why: 'undeclared' | 'untrusting'): void {
    const { tell, time, from } = this.#setup
    tell({ fact: 'egress', atUs: time.nowUs, from, to: `${host}:${port}`, why })
  }
}

const NOBODY =
  'aftershock: no upstream of the scenario declares this host, and nothing leaves the machine\n'
