// Where the thread of the embedded server starts. It serves until it is ended.
import { parentPort, workerData } from 'node:worker_threads'
import { must } from '../../../base/assert.ts'
import { type S3Options, startS3Server } from './server.ts'

const credentials = workerData as S3Options['credentials']
const { url } = await startS3Server({ clock: { now: () => Date.now() }, credentials })
must(parentPort, 'started as a worker thread').postMessage(url)
