// What --listen and --bind say.
import type { Exposing } from '../run/exposing.ts'
import { usageError } from './complain.ts'
import type { Flags } from './flags.ts'

export function exposingOf({ bind, listen = [] }: Pick<Flags, 'bind' | 'listen'>): Exposing {
  const ports = listen.map((text) => {
    const [, name = '', port = ''] = /^([^=]+)=(\d{1,5})$/.exec(text) ?? []
    if (Number(port) < 1 || Number(port) > 65_535)
      throw usageError(`--listen: '${text}' is no name=port, such as objects=9000`)
    return [name, Number(port)] as const
  })
  return { bind, listen: Object.fromEntries(ports) }
}
