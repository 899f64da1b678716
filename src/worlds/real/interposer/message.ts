// HTTP messages as they pass: a request's whole body, and how many bytes an answer stands for.
import type http from 'node:http'
import { SIZE_HEADER } from '../serving.ts'
import type { Head } from './upstream.ts'

export async function bodyOf(request: http.IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch {
    return undefined
  }
  return Buffer.concat(chunks)
}

export function sizeIn({ headers }: Head): number {
  const header = (name: string) => {
    const at = headers.findIndex((one, i) => i % 2 === 0 && one.toLowerCase() === name)
    return at < 0 ? undefined : headers[at + 1]
  }
  return Number(header(SIZE_HEADER) ?? header('content-length') ?? 0)
}
