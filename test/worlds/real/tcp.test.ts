// The TCP proxy on real sockets: what passes, what is held back, and what happens to connections that are open.
import net, { type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { TcpProxy } from '../../../src/worlds/real/interposer/tcp.ts'

/** Answers each chunk with itself; after `bye` it ends. */
async function echo(): Promise<{ port: number; close(): void }> {
  const open = new Set<Socket>()
  const server = net.createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      if (chunk.toString() === 'bye') socket.end('bye')
      else socket.write(chunk)
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const close = () => {
    server.close()
    for (const socket of open) socket.destroy()
  }
  return { port: (server.address() as AddressInfo).port, close }
}

/** A client that keeps what it hears. */
class Caller {
  readonly socket: Socket
  heard = ''
  ended: string | undefined
  readonly #waiting: (() => void)[] = []

  constructor(port: number) {
    this.socket = net.connect(port, '127.0.0.1')
    this.socket.on('data', (chunk) => {
      this.heard += chunk.toString()
      this.#changed()
    })
    this.socket.on('end', () => {
      this.ended ??= 'end'
      this.#changed()
    })
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.ended ??= error.code ?? 'error'
      this.#changed()
    })
  }

  #changed(): void {
    for (const check of this.#waiting.splice(0)) check()
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((changed) => this.#waiting.push(changed))
  }
}

describe('the TCP proxy', () => {
  let server: { port: number; close(): void }
  let proxy: TcpProxy
  const callers: Caller[] = []
  const call = () => {
    const caller = new Caller(proxy.port)
    callers.push(caller)
    return caller
  }
  const said = async (caller: Caller, text: string) => {
    const before = caller.heard.length
    caller.socket.write(text)
    await caller.until(() => caller.heard.length >= before + text.length)
    return caller.heard.slice(before)
  }

  beforeEach(async () => {
    server = await echo()
    proxy = new TcpProxy({ host: '127.0.0.1', port: server.port }, () => 0.5)
    await proxy.listen()
  })
  afterEach(async () => {
    for (const { socket } of callers.splice(0)) socket.destroy()
    await proxy[Symbol.asyncDispose]()
    server.close()
  })

  test('passes bytes and ends, both ways', async () => {
    const caller = call()
    expect(await said(caller, 'hello')).toBe('hello')
    const large = 'x'.repeat(3_000_000)
    expect(await said(caller, large)).toBe(large)
    caller.socket.write('bye')
    await caller.until(() => caller.ended !== undefined)
    expect([caller.heard.slice(-3), caller.ended]).toEqual(['bye', 'end'])
  })

  test('adds latency to a connection that is open, and takes it away again', async () => {
    const caller = call()
    await said(caller, 'a')
    expect(proxy.set({ latencyMs: 60 })).toBe(1)
    const before = performance.now()
    expect(await said(caller, 'bc')).toBe('bc')
    // There and back.
    expect(performance.now() - before).toBeGreaterThanOrEqual(118)
    proxy.set({ latencyMs: 3_600_000 })
    const held = said(caller, 'def')
    await new Promise((turn) => setTimeout(turn, 20))
    expect(caller.heard).toBe('abc')
    proxy.set({})
    expect(await held).toBe('def')
  })

  test('limits the bandwidth and keeps the order', async () => {
    const caller = call()
    proxy.set({ bytesPerSecond: 1_000_000, jitterMs: 5 })
    const text = Array.from({ length: 20_000 }, (_, i) => String(i).padStart(5, '0')).join('')
    const before = performance.now()
    expect(await said(caller, text)).toBe(text)
    expect(performance.now() - before).toBeGreaterThanOrEqual(95)
  })

  test('resets what is open', async () => {
    const [one, other] = [call(), call()]
    await said(one, 'a')
    await said(other, 'b')
    expect(proxy.reset()).toBe(2)
    await one.until(() => one.ended !== undefined)
    await other.until(() => other.ended !== undefined)
    expect([one.ended, other.ended, proxy.open]).toEqual(['ECONNRESET', 'ECONNRESET', 0])
    expect(await said(call(), 'c')).toBe('c')
  })

  test('refuses new connections and keeps the open ones, on the same port afterwards', async () => {
    const early = call()
    await said(early, 'a')
    const { port } = proxy
    await proxy.refuse()
    const late = call()
    await late.until(() => late.ended !== undefined)
    expect(late.ended).toBe('ECONNREFUSED')
    expect(await said(early, 'b')).toBe('b')
    expect(await proxy.listen()).toBe(port)
    expect(await said(call(), 'c')).toBe('c')
  })

  test('half open, nothing passes and nobody is told; healed, it goes on', async () => {
    const caller = call()
    await said(caller, 'a')
    proxy.set({ halfOpen: true })
    const held = said(caller, 'bcd')
    await new Promise((turn) => setTimeout(turn, 30))
    expect([caller.heard, caller.ended, proxy.open]).toEqual(['a', undefined, 1])
    proxy.set({})
    expect(await held).toBe('bcd')
  })

  test('closes late', async () => {
    const caller = call()
    await said(caller, 'a')
    proxy.set({ closeDelayMs: 80 })
    caller.socket.write('bye')
    await caller.until(() => caller.heard.endsWith('bye'))
    const before = performance.now()
    expect(caller.ended).toBe(undefined)
    await caller.until(() => caller.ended !== undefined)
    expect(performance.now() - before).toBeGreaterThanOrEqual(75)
  })

  test('where nobody listens behind it, its callers are reset', async () => {
    server.close()
    await proxy[Symbol.asyncDispose]()
    proxy = new TcpProxy({ host: '127.0.0.1', port: server.port }, () => 0.5)
    await proxy.listen()
    const caller = call()
    await caller.until(() => caller.ended !== undefined)
    expect(caller.ended).toBe('ECONNRESET')
  })
})
