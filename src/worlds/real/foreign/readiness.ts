// When a process of somebody else's takes calls: its port is open, a path answers, or a line has been written.
import http from 'node:http'
import net from 'node:net'
import type { Ready } from '../../foreign.ts'
import { NotReady } from '../providers/part.ts'

/** One look; throws `NotReady` where it is not. */
export async function probe(
  ready: Ready,
  port: number,
  hasWritten: () => boolean,
  signal: AbortSignal,
): Promise<string> {
  switch (ready.on) {
    case 'port':
      await connects(port, signal)
      return ''
    case 'http': {
      const status = await answers(port, ready.path, signal)
      if (status >= 500) throw new NotReady(`GET ${ready.path} was answered ${status}`)
      return ''
    }
    case 'log':
      if (!hasWritten()) throw new NotReady(`it has written no line that matches ${ready.pattern}`)
      return ''
  }
}

function connects(port: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ port, host: '127.0.0.1', signal })
    socket.once('connect', () => {
      socket.destroy()
      resolve()
    })
    socket.once('error', () => reject(new NotReady(`nothing listens on its port, ${port}`)))
  })
}

function answers(port: number, path: string, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.get(
      { host: '127.0.0.1', port, path, signal, agent: false },
      (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      },
    )
    request.once('error', () => reject(new NotReady(`nothing answers GET ${path} on port ${port}`)))
  })
}
