// What minio-js takes for `node:http`: our headers, the host's date, every refusal read to its end.
import http from 'node:http'
import { Readable } from 'node:stream'
import { ASKED_HEADER, CALL_HEADER } from './stages.ts'

/** One operation while it runs: what its request came to. */
export interface Operation {
  readonly slot: number
  /** Gives it up: minio-js may never learn that its request was destroyed, and wait for ever. */
  readonly abort: AbortController
  requests: Set<http.ClientRequest>
  status: number
  text: string
  askedMs: number
}

export interface TransportSetup {
  /** Which one is running. */
  readonly operation: () => Operation | undefined
  /** Signed again where the host's clock is off. */
  readonly dated: (options: http.RequestOptions) => http.RequestOptions
  readonly onAnswer: (
    sent: http.OutgoingHttpHeaders,
    answer: http.IncomingMessage,
    tookMs: number,
  ) => void
}

export function storeTransport({ operation: running, dated, onAnswer }: TransportSetup): {
  request: typeof http.request
} {
  const request = (options: http.RequestOptions, answered: (r: http.IncomingMessage) => void) => {
    const operation = running()
    const signed = dated(options)
    const headers: http.OutgoingHttpHeaders = {
      ...(signed.headers as http.OutgoingHttpHeaders),
      [CALL_HEADER]: String(operation?.slot ?? -1),
    }
    const sinceMs = performance.now()
    const sent = http.request({ ...signed, headers }, (response) => {
      onAnswer(headers, response, performance.now() - sinceMs)
      const { statusCode = 0 } = response
      if (operation !== undefined) {
        operation.status = statusCode
        operation.askedMs = Number(response.headers[ASKED_HEADER])
      }
      if (statusCode < 400) answered(response)
      else void readFirst(response, operation).then(answered)
    })
    operation?.requests.add(sent)
    sent.on('close', () => operation?.requests.delete(sent))
    return sent
  }
  return { request: request as typeof http.request }
}

/**
 * A refusal, read to its end before minio-js sees it: it leaves some unread, and their sockets open for ever, and waits
 * for ever for the end of one that somebody else has read.
 */
async function readFirst(
  response: http.IncomingMessage,
  operation: Operation | undefined,
): Promise<http.IncomingMessage> {
  const chunks: Buffer[] = []
  let trouble: unknown
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
  } catch (error) {
    trouble = error
  }
  const body = Buffer.concat(chunks)
  if (operation !== undefined) operation.text = body.toString('utf8')
  const { statusCode, statusMessage, headers } = response
  const again = Readable.from(body.length === 0 ? [] : [body])
  if (trouble instanceof Error) again.destroy(trouble)
  return Object.assign(again, { statusCode, statusMessage, headers }) as http.IncomingMessage
}
