// MinIO itself, where this machine has its program or can run its image: started for a test, and gone with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'minio'
import { docker } from '../../src/worlds/real/docker.ts'
import { freePort } from '../../src/worlds/real/free-port.ts'
import { IMAGES, missingFor } from '../worlds/real/needs.ts'

export interface Credentials {
  readonly accessKey: string
  readonly secretKey: string
}

export interface Minio extends AsyncDisposable {
  readonly endpoint: string
}

const BINARY = [
  ...(process.env.PATH ?? '').split(':').map((folder) => join(folder, 'minio')),
  join(homedir(), '.cache/aftershock/bin/minio'),
].find((place) => existsSync(place))

/** Why there is none; undefined where there is. Throws where `AFTERSHOCK_REQUIRE_REAL` asks for it. */
export function minioLacks(): string | undefined {
  if (BINARY !== undefined) return undefined
  if (/\bminio\b/.test(process.env.AFTERSHOCK_REQUIRE_REAL ?? ''))
    throw new Error('AFTERSHOCK_REQUIRE_REAL asks for minio, and there is no such binary')
  return 'no minio binary on this machine'
}

/** The same of a container of it. */
export function containerLacks(): string | undefined {
  const missing = missingFor('docker')
  if (missing !== undefined && /\bdocker\b/.test(process.env.AFTERSHOCK_REQUIRE_REAL ?? ''))
    throw new Error(`AFTERSHOCK_REQUIRE_REAL asks for docker: ${missing}`)
  return missing
}

export async function startMinioContainer(keys: Credentials, region?: string): Promise<Minio> {
  const folder = await mkdtemp(join(tmpdir(), 'aftershock-minio-'))
  const running = await docker.run({
    image: IMAGES.minio,
    command: ['server', '/data', '--address', ':9000'],
    environment: settings(keys, region),
    port: 9_000,
    labels: { 'aftershock.test': 'contract' },
    logFile: join(folder, 'log'),
  })
  const { host, port } = running
  await untilReady({ host, port, keys, region })
  return {
    endpoint: `http://${host}:${port}`,
    async [Symbol.asyncDispose]() {
      await running.stop(1_000)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export async function startMinio(keys: Credentials, region?: string): Promise<Minio> {
  const folder = await mkdtemp(join(tmpdir(), 'aftershock-minio-'))
  const port = await freePort()
  const child = spawn(BINARY ?? 'minio', ['server', folder, '--address', `127.0.0.1:${port}`], {
    stdio: 'ignore',
    env: { ...process.env, ...settings(keys, region) },
  })
  await untilReady({ host: '127.0.0.1', port, keys, region })
  return {
    endpoint: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function settings({ accessKey, secretKey }: Credentials, region: string | undefined) {
  return {
    MINIO_ROOT_USER: accessKey,
    MINIO_ROOT_PASSWORD: secretKey,
    MINIO_BROWSER: 'off',
    ...(region === undefined ? {} : { MINIO_SITE_REGION: region }),
  }
}

interface Place {
  readonly host: string
  readonly port: number
  readonly keys: Credentials
  readonly region: string | undefined
}

/** When an operation works: its health says so before. */
async function untilReady({ host, port, keys, region = 'us-east-1' }: Place): Promise<void> {
  const client = new Client({
    ...keys,
    endPoint: host,
    port,
    region,
    useSSL: false,
    retryOptions: { disableRetry: true },
  })
  for (let tries = 0; ; tries++) {
    try {
      await client.listBuckets()
      return
    } catch (error) {
      if (tries > 200) throw error
      await new Promise((again) => setTimeout(again, 50))
    }
  }
}
