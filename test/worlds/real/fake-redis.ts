// As much of a Redis as a readiness check asks for, with what may be wrong with one.
import { createServer, type Server, type Socket } from 'node:net'

export interface Faults {
  /** The password that it wants. */
  readonly password?: string
  /** Answers so many commands with this error first. */
  readonly refuses?: { readonly times: number; readonly with: string }
  /** Takes what is sent and says nothing. */
  readonly silent?: boolean
  readonly info?: string
}

export function fakeRedis(faults: Faults = {}): Server {
  const data = new Map<string, string>()
  let refusals = 0
  return createServer((socket) => {
    let isKnown = faults.password === undefined
    const answer = (words: readonly string[]): string => {
      const [name = '', key = '', value = ''] = words
      const command = name.toLowerCase()
      if (command === 'client') return '+OK'
      if (command === 'auth') {
        isKnown = words.at(-1) === faults.password
        return isKnown ? '+OK' : '-WRONGPASS invalid username-password pair or user is disabled.'
      }
      if (!isKnown) return '-NOAUTH Authentication required.'
      if (faults.refuses !== undefined && refusals++ < faults.refuses.times)
        return `-${faults.refuses.with}`
      if (command === 'ping') return '+PONG'
      if (command === 'set') data.set(key, value)
      if (command === 'get') return bulk(data.get(key) ?? '')
      if (command === 'info') return bulk(faults.info ?? 'redis_version:7.7.7\r\n')
      return command === 'del' ? `:${data.delete(key) ? 1 : 0}` : '+OK'
    }
    socket.on('error', () => {})
    if (faults.silent !== true) serve(socket, answer)
  })
}

/** What a program's arguments say: `--port N`, and `--requirepass` for the password. */
export function listenAs(args: readonly string[], faults: Faults = {}): Server {
  const after = (flag: string) => args[args.indexOf(flag) + 1] ?? ''
  const server = fakeRedis({ password: after('--requirepass'), ...faults })
  return server.listen(Number(after('--port')), '127.0.0.1')
}

/** Commands come as arrays of bulk strings, several in a packet; none is cut here. */
function serve(socket: Socket, answer: (words: readonly string[]) => string): void {
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = text.split('\r\n')
    while (lines.length > 1) {
      const count = Number((lines.shift() ?? '').slice(1))
      const words = lines.splice(0, count * 2).filter((_, i) => i % 2 === 1)
      socket.write(`${answer(words)}\r\n`)
    }
  })
}

function bulk(text: string): string {
  return `$${Buffer.byteLength(text)}\r\n${text}`
}
