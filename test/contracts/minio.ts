// MinIO itself, where this machine has its program: started in a folder of its own, and gone with it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import net, { type AddressInfo } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'minio'

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

/** Ready when an operation works: its health says so before. */
export async function startMinio(
  { accessKey, secretKey }: Credentials,
  region?: string,
): Promise<Minio> {
  const folder = await mkdtemp(join(tmpdir(), 'aftershock-minio-'))
  const port = await freePort()
  const child = spawn(BINARY ?? 'minio', ['server', folder, '--address', `127.0.0.1:${port}`], {
    stdio: 'ignore',
    env: {
      ...process.env,
      MINIO_ROOT_USER: accessKey,
      MINIO_ROOT_PASSWORD: secretKey,
      MINIO_BROWSER: 'off',
      ...(region === undefined ? {} : { MINIO_SITE_REGION: region }),
    },
  })
  const client = new Client({
    endPoint: '127.0.0.1',
    port,
    useSSL: false,
    accessKey,
    secretKey,
    region: region ?? 'us-east-1',
    retryOptions: { disableRetry: true },
  })
  for (let tries = 0; ; tries++) {
    try {
      await client.listBuckets()
      break
    } catch (error) {
      if (tries > 200) throw error
      await new Promise((again) => setTimeout(again, 50))
    }
  }
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

async function freePort(): Promise<number> {
  const server = net.createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
