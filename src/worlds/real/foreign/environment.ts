// What a process of somebody else's is given: addresses in place of templates, and no more of the user's environment.
import { fill } from '../../../base/template.ts'
import type { ForeignProcess } from '../../foreign.ts'
import type { Environment } from '../journal.ts'

/** A chaos run must never call a paid API with a key found in the shell: nothing else is inherited. */
const INHERITED = ['PATH', 'HOME', 'LANG', 'TMPDIR']
const LOOPBACK = '127.0.0.1,localhost,::1'

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
      NO_PROXY: LOOPBACK,
      no_proxy: LOOPBACK,
      ...Object.fromEntries(given),
    },
    config: config === undefined ? undefined : filled(config),
  }
}
