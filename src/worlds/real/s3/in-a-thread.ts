// The embedded S3 server in a thread of its own: what it costs must not hold up the load that it is to bear.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { messageOf } from '../../../base/errors.ts'
import type { Embedded } from '../providers/part.ts'
import type { S3Options } from './server.ts'

const ENTRY = new URL(
  import.meta.url.endsWith('.ts') ? './serve.ts' : './serve.js',
  import.meta.url,
)

/** Listens when it resolves. */
export async function startS3Thread(credentials: S3Options['credentials']): Promise<Embedded> {
  const worker = new Worker(ENTRY, { workerData: credentials })
  const [url] = (await once(worker, 'message')) as [string]
  let isAsked = false
  const ended = Promise.withResolvers<string | undefined>()
  worker.on('error', (error) => ended.resolve(`with '${messageOf(error)}'`))
  worker.on('exit', (code) => ended.resolve(isAsked ? undefined : `with code ${code}`))
  return {
    url,
    ...credentials,
    ended: ended.promise,
    async [Symbol.asyncDispose]() {
      isAsked = true
      await worker.terminate()
    },
  }
}
