// A request that has come whole to a host of ours, and the way back to whoever sent it.
import type http from 'node:http'
import { CALL_HEADER } from './stages.ts'

/** Tells a server who calls; set by the interposer, which knows by its listener. */
export const FROM_HEADER = 'x-aftershock-from'
const LARGEST_BODY = 64 << 20

export interface InboundCall {
  readonly method: string
  /** Path and query. */
  readonly target: string
  /** Who calls; empty where nobody says. */
  readonly from: string
  /** Where its stages are told, or -1. */
  readonly slot: number
  readonly body: Buffer
  /** The caller has gone, or has its whole answer. */
  readonly isOver: boolean
  /** Calls back once that is so. */
  onOver(then: () => void): void
  head(status: number, headers: Readonly<Record<string, string>>): void
  /** The head leaves now, and the body later: otherwise they leave in one piece. */
  flushHead(): void
  end(text: string): void
  /** Cuts the connection. */
  reset(): void
}

/** Over a socket. Undefined where the caller went before it had said all. */
export async function overHttp(
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<InboundCall | undefined> {
  const body = await bodyOf(request, LARGEST_BODY)
  if (body === undefined) return undefined
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    from: String(request.headers[FROM_HEADER] ?? ''),
    slot: Number(request.headers[CALL_HEADER] ?? -1),
    body,
    get isOver() {
      return response.destroyed
    },
    onOver: (then) => void response.once('close', then),
    head: (status, headers) => void response.writeHead(status, { ...headers }),
    flushHead: () => response.flushHeaders(),
    end: (text) => void response.end(text),
    reset: () => void response.socket?.resetAndDestroy(),
  }
}

/** Undefined where the caller went before it had said all, or said more than so much. */
export function bodyOf(
  request: http.IncomingMessage,
  mostBytes = Number.POSITIVE_INFINITY,
): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= mostBytes) chunks.push(chunk)
      else request.destroy()
    })
    request.once('end', () => resolve(Buffer.concat(chunks)))
    request.once('error', () => resolve(undefined))
    request.once('close', () => resolve(undefined))
  })
}
