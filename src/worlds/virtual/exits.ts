// The ways out of the virtual world: what of Node and the language answers otherwise at every run.

export interface Exit {
  readonly on: object
  readonly name: string
  /** As it is written in code. */
  readonly says: string
  /** What a host has for the purpose. */
  readonly instead: string
}

const SLEEP = 'host.clock.sleep(ms)'
const NOW = 'host.clock.now() or host.clock.monotonic()'
const RANDOM = "host.random.at('what', key)"
const NETWORK = 'host.http.call(to, route, …), host.http.fetch(url) or host.objects'
const WORK = "host.work('what', costMs, real)"
const FILES = 'the options of the kind, or read the file when the module loads'

function exits(on: object, prefix: string, names: readonly string[], instead: string): Exit[] {
  return names.map((name) => ({ on, name, says: `${prefix}${name}`, instead }))
}

/** What a module of Node has of a kind: its functions, without those that answer at once. */
function functionsOf(module: object): string[] {
  return Object.keys(module).filter(
    (name) =>
      typeof Reflect.get(module, name) === 'function' &&
      !/Sync$|^create|^constants$|^[A-Z]/.test(name),
  )
}

const node = (name: string): object => process.getBuiltinModule(name as 'fs')
const prototypeOf = (module: object, name: string): object =>
  (Reflect.get(module, name) as { readonly prototype: object }).prototype

const TIMERS = ['setTimeout', 'setInterval', 'setImmediate']

/** Loads the modules of Node that they are in, which nothing else in a virtual run needs. */
export function allExits(): readonly Exit[] {
  const net = node('node:net')
  const children = node('node:child_process')
  const crypto = node('node:crypto')
  const web = Reflect.get(crypto, 'webcrypto') as typeof crypto & { readonly subtle: object }
  const files = node('node:fs/promises')
  const compression = node('node:zlib')

  return [
    ...exits(globalThis, '', TIMERS, SLEEP),
    ...exits(node('node:timers'), 'timers.', TIMERS, SLEEP),
    ...exits(node('node:timers/promises'), 'timers/promises.', TIMERS, SLEEP),
    ...exits(AbortSignal, 'AbortSignal.', ['timeout'], 'the timeouts of a call'),
    ...exits(globalThis, '', ['Date'], NOW),
    ...exits(performance, 'performance.', ['now'], NOW),
    ...exits(process, 'process.', ['hrtime', 'uptime'], NOW),
    ...exits(process.hrtime, 'process.hrtime.', ['bigint'], NOW),
    ...exits(Math, 'Math.', ['random'], RANDOM),
    ...exits(web, 'crypto.', ['randomUUID', 'getRandomValues'], RANDOM),
    ...exits(web.subtle, 'crypto.subtle.', ['digest', 'sign', 'verify'], WORK),
    ...exits(crypto, 'crypto.', ['randomUUID', 'randomBytes', 'randomInt', 'randomFill'], RANDOM),
    ...exits(crypto, 'crypto.', ['scrypt', 'pbkdf2', 'hkdf'], WORK),
    ...exits(globalThis, '', ['fetch', 'WebSocket'], NETWORK),
    ...exits(prototypeOf(net, 'Socket'), 'net.Socket.', ['connect'], NETWORK),
    ...exits(prototypeOf(net, 'Server'), 'net.Server.', ['listen'], 'host.serve(route, handle)'),
    ...exits(node('node:http'), 'http.', ['request', 'get'], NETWORK),
    ...exits(node('node:https'), 'https.', ['request', 'get'], NETWORK),
    ...exits(node('node:dns'), 'dns.', ['lookup', 'resolve'], NETWORK),
    ...exits(children, 'child_process.', functionsOf(children), WORK),
    ...exits(files, 'fs/promises.', functionsOf(files), FILES),
    ...exits(compression, 'zlib.', functionsOf(compression), WORK),
  ]
}
