// What this machine can provide for the real world: for each part and provider, whether it is there, and what adds it.
import { messageOf } from '../../base/errors.ts'
import type { Containers } from './containers.ts'
import { findBinary, ownPrograms } from './find-binary.ts'
import type { Environment } from './journal.ts'
import { imageOf } from './providers/container.ts'
import { objectStore } from './providers/object-store.ts'
import type { PartRecipe, ProviderName } from './providers/part.ts'
import { postgres } from './providers/postgres.ts'
import { redis } from './providers/redis.ts'
import { remedies } from './remedies.ts'
import { findFaketime } from './skew/faketime.ts'

export interface Finding {
  readonly part: string
  readonly provider: ProviderName
  /** `asked`: only where the user names it. */
  readonly state: 'here' | 'missing' | 'asked'
  /** Lines: its version, where it is, or what is wanting. */
  readonly what: readonly string[]
  /** The command that adds it; lines of one shell command. */
  readonly add?: string
}

export interface Findings {
  readonly parts: readonly Finding[]
  /** Of another process's clock; see `faultsHere`. */
  readonly faketime: boolean
}

/** Every part, with the providers that it has. */
const PARTS: readonly PartRecipe[] = [objectStore, redis, postgres]

export async function examine(
  environment: Environment,
  containers: Containers,
  platform: NodeJS.Platform,
): Promise<Findings> {
  const cures = remedies(platform)
  const runtime = await runtimeOf(containers)
  const parts: Finding[] = []
  for (const recipe of PARTS) {
    const add =
      recipe === objectStore ? cures.minio : recipe === redis ? cures.redis : cures.postgres
    const image = imageOf(recipe, {}, { environment })
    parts.push(await inContainer(recipe, image, containers, runtime, cures.docker))
    parts.push(await asBinary(recipe, environment, add, cures.go))
    parts.push(byUrl(recipe, environment))
    if (recipe.auto.includes('embedded'))
      parts.push({ ...of(recipe, 'embedded'), state: 'here', what: ['always; proves no fidelity'] })
  }
  return { parts, faketime: findFaketime(environment) !== undefined }
}

type Runtime = { readonly version: string } | { readonly trouble: string }

async function runtimeOf(containers: Containers): Promise<Runtime> {
  try {
    return { version: await containers.version() }
  } catch (error) {
    return { trouble: messageOf(error) }
  }
}

async function inContainer(
  recipe: PartRecipe,
  image: string,
  containers: Containers,
  runtime: Runtime,
  addDocker: string,
): Promise<Finding> {
  const finding = of(recipe, 'container')
  if ('trouble' in runtime)
    return { ...finding, state: 'missing', what: [`no Docker: ${runtime.trouble}`], add: addDocker }
  const isHere = await containers.has(image).catch(() => false)
  return isHere
    ? { ...finding, state: 'here', what: [runtime.version, withoutDigest(image)] }
    : {
        ...finding,
        state: 'missing',
        what: [
          `${runtime.version}, but not its image`,
          `AFTERSHOCK_${recipe.kind.toUpperCase()}_IMAGE names another`,
        ],
        add: `docker pull ${image}`,
      }
}

async function asBinary(
  recipe: PartRecipe,
  environment: Environment,
  add: string,
  addGo: string,
): Promise<Finding> {
  const finding = of(recipe, 'binary')
  const path = findBinary(recipe.binaries, environment, recipe.folders?.())
  if (path !== undefined) {
    const version = await recipe.versionOfBinary(path, environment)
    return { ...finding, state: 'here', what: [version, path] }
  }
  const needsGo = add.includes('go install') && findBinary(['go'], environment) === undefined
  return {
    ...finding,
    state: 'missing',
    what: [`no ${recipe.binaries.join(' or ')} on PATH`, `or in ${ownPrograms(environment)}`],
    add: needsGo ? `${addGo}\n${add}` : add,
  }
}

function withoutDigest(image: string): string {
  return image.replace(/@sha256:.*/, '')
}

function byUrl(recipe: PartRecipe, environment: Environment): Finding {
  const { url } = recipe.fromEnvironment(environment)
  const variable = `AFTERSHOCK_${recipe.kind.toUpperCase()}_URL`
  return {
    ...of(recipe, 'url'),
    state: 'asked',
    what: [url === undefined ? `yours: ${variable}` : `${variable} is set, and taken first`],
  }
}

function of(recipe: PartRecipe, provider: ProviderName) {
  return { part: recipe.title, provider }
}
