// Provider `url`: a server of the user's, on this machine unless another place is allowed. It is never ended.
import { checkTarget } from '../targets.ts'
import { CannotOpen, type Open } from './part.ts'

export const openUrl: Open = async (recipe, options, context) => {
  const theirs = { ...recipe.fromEnvironment(context.environment), ...options }
  if (theirs.url === undefined) throw new CannotOpen('no URL is given', recipe.remedies.url)
  const { host, port } = await checkTarget(theirs.url, context.allowedTargets, [])
  const { protocol, username, password } = new URL(theirs.url)
  if (![`${recipe.scheme}:`, `${recipe.scheme}s:`].includes(protocol))
    throw new CannotOpen(`a URL that begins with ${protocol}//`, recipe.remedies.url)
  const accessKey = theirs.accessKey ?? (decodeURIComponent(username) || undefined)
  const secretKey = theirs.secretKey ?? (decodeURIComponent(password) || undefined)
  return {
    // What was checked, not what was written: two readers of one URL may find two hosts in it.
    access: {
      host,
      port,
      tls: protocol === `${recipe.scheme}s:`,
      ...(accessKey === undefined ? {} : { accessKey }),
      ...(secretKey === undefined ? {} : { secretKey }),
      ...(options.region === undefined ? {} : { region: options.region }),
    },
    by: 'url',
    ended: new Promise(() => {}),
    version: async (said) => said,
    keep: () => [],
    [Symbol.asyncDispose]: async () => {},
  }
}
