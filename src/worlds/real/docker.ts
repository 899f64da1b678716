// Docker, or what speaks its language, through testcontainers: loaded when a container is first needed.
import { spawnSync } from 'node:child_process'
import { accessSync, constants, createWriteStream, existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { ContainerRuntimeClient, StartedTestContainer } from 'testcontainers'
import { AftershockError, ExitCode, messageOf } from '../../base/errors.ts'
import type { ContainerSpec, Containers, RunningContainer } from './containers.ts'
import { HERE } from './exposure.ts'
import { isFree } from './free-port.ts'

const REMOVER = new URL(
  import.meta.url.endsWith('.ts') ? './remove-containers.ts' : './remove-containers.js',
  import.meta.url,
)
/** An exit handler holds up the end of the process; what it cannot do in this time the next start's sweep does. */
const AT_EXIT_WITHIN_MS = 15_000
/** What a container said last may come after the news of its end. */
const LOG_WITHIN_MS = 1_000

export const docker: Containers = {
  async version() {
    const { info } = await connect()
    return `Docker ${info.containerRuntime.serverVersion}`
  },

  async has(image) {
    const { ImageName } = await import('testcontainers')
    return (await connect()).image.exists(ImageName.fromString(image))
  },

  async pull(image) {
    const { ImageName } = await import('testcontainers')
    const client = await connect()
    await client.image.pull(ImageName.fromString(image))
    // It takes a failure that comes late, in the midst of the layers, for success.
    if (!(await client.image.exists(ImageName.fromString(image))))
      throw new Error('the pull ended before the image was whole')
  },

  async run(spec) {
    const client = await connect()
    const { started, ended } = await start(spec, client)
    const container = client.container.getById(started.getId())
    const { Image } = await container.inspect()
    const image = await client.container.dockerode.getImage(Image).inspect()
    return {
      id: started.getId(),
      host: await hostOf(client),
      port: started.getMappedPort(spec.port),
      digest: image.RepoDigests?.[0]?.replace(/^.*@/, '') ?? Image,
      ended,
      stop: (timeout) => stop(started, timeout),
    } satisfies RunningContainer
  },

  async remove(label) {
    const { container } = await connect()
    const found = await container.dockerode.listContainers({
      all: true,
      filters: { label: [label] },
    })
    for (const { Id } of found)
      await container.getById(Id).remove({ force: true, v: true }).catch(unlessGone)
    return found.length
  },

  removeAtExit(label) {
    const { status } = spawnSync(process.execPath, [fileURLToPath(REMOVER), label], {
      stdio: 'ignore',
      timeout: AT_EXIT_WITHIN_MS,
    })
    if (status !== 0) throw new Error(`containers with ${label} may be left`)
  },
}

async function connect(): Promise<ContainerRuntimeClient> {
  // Loading the library takes a second or two: not for a machine that has nothing for it to find.
  if (!mayBeThere()) throw new Error('none of its sockets is there')
  const { getContainerRuntimeClient } = await import('testcontainers')
  try {
    return await getContainerRuntimeClient()
  } catch (cause) {
    const isClosed = sockets().some((path) => existsSync(path) && !isOpen(path))
    throw new Error(
      isClosed ? 'this user may not use its socket' : 'nothing answers on its socket',
      { cause },
    )
  }
}

/** Wherever testcontainers looks for a runtime. */
function mayBeThere(): boolean {
  if (process.platform === 'win32' || (process.env.DOCKER_HOST ?? '') !== '') return true
  return [...sockets(), join(homedir(), '.testcontainers.properties')].some((path) =>
    existsSync(path),
  )
}

function sockets(): string[] {
  const runtime = process.env.XDG_RUNTIME_DIR
  return [
    '/var/run/docker.sock',
    join(homedir(), '.docker', 'run', 'docker.sock'),
    join(homedir(), '.docker', 'desktop', 'docker.sock'),
    ...(runtime === undefined ? [] : [join(runtime, 'docker.sock')]),
    `/run/user/${process.getuid?.() ?? 0}/docker.sock`,
  ]
}

function isOpen(path: string): boolean {
  try {
    accessSync(path, constants.R_OK | constants.W_OK)
    return true
  } catch {
    return false
  }
}

/**
 * The library's reaper is not used: it is one more image to fetch, and what is left behind is found by its label.
 * Nor are its ways to wait, which look for a shell in the image: the part's own probe says when it is ready.
 */
async function start(spec: ContainerSpec, client: ContainerRuntimeClient) {
  const { GenericContainer, StartupCheckStrategy } = await import('testcontainers')
  const ended = Promise.withResolvers<string>()
  const log = createWriteStream(spec.logFile, { flags: 'a' })

  class Running extends StartupCheckStrategy {
    checkStartupState() {
      return Promise.resolve('SUCCESS' as const)
    }
  }

  class OnThisMachine extends GenericContainer {
    protected override async beforeContainerCreated() {
      // Published on every address by default: a store with faults in it is nobody else's business.
      if ((await hostOf(client)) !== '127.0.0.1') return
      for (const bindings of Object.values(this.hostConfig.PortBindings ?? {}))
        for (const binding of bindings as { HostIp?: string }[]) binding.HostIp = '127.0.0.1'
    }

    /** Before it starts, so that what it says is kept even where it ends at once. */
    protected override async containerCreated(id: string) {
      const { container } = client
      ended.resolve(endOf(id, client, log))
      const said = await container.attach(container.getById(id))
      said.pipe(log)
    }
  }

  const started = new OnThisMachine(spec.image)
    .withAutoCleanup(false)
    .withLabels({ ...spec.labels })
    .withCommand([...spec.command])
    .withEnvironment({ ...spec.environment })
    .withExposedPorts(
      spec.hostPort === undefined ? spec.port : { container: spec.port, host: spec.hostPort },
    )
    .withWaitStrategy(new Running())
    .start()
  // The library waits ten seconds for the ports of a container that has ended.
  const first = await Promise.race([started, ended.promise])
  if (typeof first === 'string') {
    started.catch(() => {})
    throw new Error(`it ended ${first} at once`)
  }
  return { started: first, ended: ended.promise }
}

/** How it ended, once all that it said is in its log. */
async function endOf(id: string, client: ContainerRuntimeClient, log: Writable): Promise<string> {
  const { StatusCode } = await client.container.getById(id).wait({ condition: 'next-exit' })
  await Promise.race([finished(log), sleep(LOG_WITHIN_MS)]).catch(() => {})
  return `with code ${StatusCode}`
}

/** Inside a container the library names the bridge's gateway, though the runtime may be in there, too. */
async function hostOf({ info }: ContainerRuntimeClient): Promise<string> {
  const { host } = info.containerRuntime
  // What can be listened on is an address of this machine; the system's list leaves out bridges that have no container yet.
  return host === 'localhost' || (await isFree(0, host)) ? HERE : host
}

async function stop(started: StartedTestContainer, timeout: number): Promise<void> {
  await started.stop({ timeout, remove: true, removeVolumes: true }).catch(unlessGone)
}

/** Gone, or just being removed by somebody else: that is what was wanted. */
function unlessGone(error: unknown): void {
  const { statusCode } = error as { readonly statusCode?: number }
  if (statusCode === 404 || statusCode === 409) return
  throw new AftershockError('container', `cannot remove a container: ${messageOf(error)}`, {
    exitCode: ExitCode.environment,
    cause: error,
  })
}
