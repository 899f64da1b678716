// HTTP messages as they pass: a request's whole body, and what our own hosts write into an answer's head.
import type http from 'node:http'
import { TOOK_HEADER } from '../serving.ts'

/** What our own host says of its time, which is nobody else's business. */
export function withoutTook(headers: readonly string[]): [tookMs: number, kept: readonly string[]] {
  const at = headers.findIndex((text, i) => i % 2 === 0 && text.toLowerCase() === TOOK_HEADER)
  if (at < 0) return [0, headers]
  return [Number(headers[at + 1]), headers.toSpliced(at, 2)]
}

export async function bodyOf(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
