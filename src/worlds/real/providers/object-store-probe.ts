// Is an object store ready: a bucket is made, an object put, read and deleted. MinIO's health page answers too early.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, RequestOptions } from 'node:http'
import type { Client } from 'minio'
import { messageOf } from '../../../base/errors.ts'
import { type Access, NotReady } from './part.ts'

const BODY = 'ready?'

/** The server's name, as its answers carry it. */
export async function probeObjectStore(access: Access, signal: AbortSignal): Promise<string> {
  const { Client } = await import('minio')
  const { default: protocol } = await (access.tls ? import('node:https') : import('node:http'))
  const agent = new protocol.Agent()
  const stop = () => agent.destroy()
  signal.addEventListener('abort', stop)
  let server = ''
  const client = new Client({
    endPoint: access.host,
    port: access.port,
    useSSL: access.tls,
    accessKey: access.accessKey ?? '',
    secretKey: access.secretKey ?? '',
    region: access.region ?? 'us-east-1',
    transportAgent: agent,
    // It has no time limit, retries by itself and then hides the store's own code.
    retryOptions: { disableRetry: true },
    transport: {
      request: (options: RequestOptions, answered: (answer: IncomingMessage) => void) =>
        protocol.request(options, (answer) => {
          server = String(answer.headers.server ?? server)
          answered(answer)
        }),
    } as NonNullable<ConstructorParameters<typeof Client>[0]['transport']>,
  })
  try {
    await roundTrip(client, access.region ?? 'us-east-1')
    return server
  } catch (error) {
    throw notReady(error)
  } finally {
    signal.removeEventListener('abort', stop)
    stop()
  }
}

async function roundTrip(client: Client, region: string): Promise<void> {
  const bucket = `aftershock-ready-${randomUUID()}`
  await client.makeBucket(bucket, region)
  try {
    await client.putObject(bucket, 'probe', Buffer.from(BODY))
    const chunks: Buffer[] = []
    for await (const chunk of await client.getObject(bucket, 'probe')) chunks.push(chunk)
    const body = Buffer.concat(chunks).toString()
    if (body !== BODY) throw new Error(`it answered '${body.slice(0, 40)}' for '${BODY}'`)
  } finally {
    // A bucket that was made is removed, whatever came of it; what hindered that is told by what comes next.
    await client.removeObject(bucket, 'probe').catch(() => {})
    await client.removeBucket(bucket).catch(() => {})
  }
}

const KEYS = 'AFTERSHOCK_OBJECTS_ACCESS_KEY and AFTERSHOCK_OBJECTS_SECRET_KEY'

/** Codes after which trying again is of no use, and what to do then. */
const FINAL: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: `Give the keys of this store: ${KEYS}.`,
  SignatureDoesNotMatch: `The secret key is not that of the access key: ${KEYS}.`,
  AccessDenied: 'The keys have to be allowed to make buckets, and to put, read and delete objects.',
  AuthorizationHeaderMalformed: 'The store has a region of its own: give its name.',
  RequestTimeTooSkewed: "This machine's clock and the store's differ by more than 15 minutes.",
  XMinioStorageFull: 'Its disk is full: make room, or give it another.',
}

function notReady(error: unknown): NotReady {
  const { code } = error as { readonly code?: unknown }
  const hint = FINAL[String(code)]
  const said = messageOf(error).replace(/^Request failed after 0 retries: (Error: )?/, '')
  if (hint !== undefined) return new NotReady(`it refuses: ${String(code)}: ${said}`, { hint })
  return new NotReady(
    said.startsWith('Retryable HTTP status') ? `it answers ${said.slice(-3)}` : said,
  )
}
