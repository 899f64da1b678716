// Which servers a run may send anything to: this machine and what the run itself started, or what the user allows.
import { lookup } from 'node:dns/promises'
import { BlockList, isIP } from 'node:net'
import { AftershockError, ExitCode } from '../../base/errors.ts'

export interface Target {
  /** As a client has to name it: an address in its plain form, or a name in lower case without a last dot. */
  readonly host: string
  readonly port: number
  readonly why: 'loopback' | 'own' | 'allowed'
}

/** All addresses of a name. */
export type Resolve = (name: string) => Promise<readonly string[]>

/** Where a URL names no port. Another scheme is none that a part speaks. */
const PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'redis:': 6379,
  'rediss:': 6379,
  'postgres:': 5432,
  'postgresql:': 5432,
}

/**
 * Throws, before anything is sent, unless a URL leads to this machine, to an `own` part (`host:port`) or to an `allowed`
 * one (`host` or `host:port`). A name does so when every address that it has does.
 *
 * An answer may redirect elsewhere, and a name may mean something else later: whoever follows a redirect checks the
 * new URL here first.
 */
export async function checkTarget(
  url: string,
  allowed: readonly string[],
  own: readonly string[],
  resolve: Resolve = addressesOf,
): Promise<Target> {
  const { host, port } = hostAndPort(url)
  if (own.map(parsePlace).some((place) => isSame(place, host, port)))
    return { host, port, why: 'own' }
  if (allowed.map(parsePlace).some((place) => isSame(place, host, port)))
    return { host, port, why: 'allowed' }
  if (isIP(host) !== 0) {
    if (isLoopback(host)) return { host, port, why: 'loopback' }
    throw refused(host, port, isUnspecified(host) ? 'it is no address to send to' : undefined)
  }
  const addresses = await resolveName(host, resolve)
  const outside = addresses.find((address) => !isLoopback(address))
  if (outside === undefined && addresses.length > 0) return { host, port, why: 'loopback' }
  throw refused(host, port, outside === undefined ? 'it has no address' : `it is ${outside}`)
}

/** A place as `--allow-target` takes it; throws what is wrong with it. */
export function parsePlace(text: string): { readonly host: string; readonly port?: number } {
  const port = /:(\d{1,5})$/.exec(/^\[?[^[\]]*:[^[\]]*:[^[\]]*$/.test(text) ? '' : text)?.[1]
  const name = port === undefined ? text : text.slice(0, -port.length - 1)
  const bare = isIP(name) === 6 ? `[${name}]` : name
  const host = /[/?#@\\\s*]|:$/.test(bare) ? undefined : plainHost(bare)
  if (host === undefined || Number(port ?? 1) < 1 || Number(port ?? 1) > 65_535)
    throw new AftershockError('usage', `--allow-target: '${text}' is no host or host:port`, {
      exitCode: ExitCode.badScenario,
      hint: 'A name or an address, as in --allow-target store.test:9000 or --allow-target [fd00::1]:9000.',
    })
  return { host, ...(port === undefined ? {} : { port: Number(port) }) }
}

/** Loopback in all its spellings, `::ffff:127.0.0.1` included. */
export function isLoopback(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && loopback().check(address, family === 4 ? 'ipv4' : 'ipv6')
}

function loopback(): BlockList {
  const list = new BlockList()
  list.addSubnet('127.0.0.0', 8, 'ipv4')
  list.addAddress('::1', 'ipv6')
  return list
}

/** `0.0.0.0` and `::` are every address of a machine; where they lead depends on the system. */
function isUnspecified(address: string): boolean {
  return ['0.0.0.0', '::', '::ffff:0:0'].includes(address)
}

function hostAndPort(url: string): { readonly host: string; readonly port: number } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const port = PORTS[parsed?.protocol ?? '']
  const host = parsed === undefined ? undefined : plainHost(parsed.hostname)
  if (parsed === undefined || port === undefined || host === undefined)
    throw new AftershockError('target', `'${withoutSecrets(url)}' is no URL of a server`, {
      exitCode: ExitCode.badScenario,
      hint: `It begins with ${Object.keys(PORTS).join('//, ')}// and names a host.`,
    })
  return { host, port: parsed.port === '' ? port : Number(parsed.port) }
}

/**
 * A host as the rules for http URLs read it: `2130706433`, `0x7f.1` and `127.1` are addresses, whatever scheme they
 * were written in. Undefined where they cannot.
 */
function plainHost(host: string): string | undefined {
  const url = `http://${host}/`
  if (host === '' || !URL.canParse(url)) return undefined
  return new URL(url).hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
}

function isSame(place: ReturnType<typeof parsePlace>, host: string, port: number): boolean {
  return place.host === host && (place.port === undefined || place.port === port)
}

async function resolveName(name: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(name)
  } catch {
    return []
  }
}

/** As clients find them: /etc/hosts and all. */
async function addressesOf(name: string): Promise<string[]> {
  return (await lookup(name, { all: true })).map(({ address }) => address)
}

function refused(host: string, port: number, because: string | undefined): AftershockError {
  const place = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  const why = because === undefined ? '' : ` (${because})`
  return new AftershockError(
    'target',
    `${place} is neither on this machine nor started by this run${why}: nothing is sent there`,
    {
      exitCode: ExitCode.badScenario,
      hint: `Faults and load harm what they meet. If it is meant: --allow-target ${place}`,
    },
  )
}

/** A URL as it may be shown: what stands before an @ is nobody's business. */
export function withoutSecrets(url: string): string {
  return url.replace(/^([a-z][a-z\d+.-]*:\/\/)?[^/?#]*@/i, '$1')
}
