// What a process of somebody else's is given: addresses in place of templates, and no more of the user's environment.
import { fill } from '../../../base/template.ts'
import type { ForeignProcess } from '../../foreign.ts'
import { FROM_CONTAINERS } from '../exposure.ts'
import type { Environment } from '../journal.ts'

/** A chaos run must never call a paid API with a key found in the shell: nothing else is inherited. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR']
const NEAR = `127.0.0.1,localhost,::1,${FROM_CONTAINERS}`

/** Calls to the world outside go through a proxy, which answers for it: in the words of most languages. */
function proxied(addresses: Addresses): Environment {
  const { 'proxy.url': proxy, 'ca.file': authority } = addresses
  return {
    NO_PROXY: NEAR,
    no_proxy: NEAR,
    HTTP_PROXY: proxy,
    http_proxy: proxy,
    HTTPS_PROXY: proxy,
    https_proxy: proxy,
    // Node heeds the variables only when told to.
    NODE_USE_ENV_PROXY: '1',
    SSL_CERT_FILE: authority,
    REQUESTS_CA_BUNDLE: authority,
    CURL_CA_BUNDLE: authority,
    NODE_EXTRA_CA_CERTS: authority,
  }
}

/** What templates may name, by the names that they use. */
export type Addresses = Readonly<Record<string, string>>

export interface Invocation {
  readonly command: string
  readonly args: readonly string[]
  readonly environment: Environment
  readonly config: string | undefined
}

export function invocationOf(
  { command, environment, passEnv, config }: ForeignProcess,
  addresses: Addresses,
  own: Environment,
): Invocation {
  const filled = (text: string) => fill(text, (name) => addresses[name])
  const [program = '', ...args] = command.map(filled)
  const inherited = [...INHERITED, ...passEnv].flatMap((name) =>
    own[name] === undefined ? [] : [[name, own[name]] as const],
  )
  const given = Object.entries(environment).map(([name, value]) => [name, filled(value)] as const)
  return {
    command: program,
    args,
    environment: {
      ...Object.fromEntries(inherited),
      ...proxied(addresses),
      ...Object.fromEntries(given),
    },
    config: config === undefined ? undefined : filled(config),
  }
}
