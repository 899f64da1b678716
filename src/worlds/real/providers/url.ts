// Provider `url`: a server of the user's, on this machine unless another place is allowed. It is never ended.
import { AftershockError, ExitCode } from '../../../base/errors.ts'
import { checkTarget } from '../targets.ts'
import type { Open, PartRecipe } from './part.ts'

export const openUrl: Open = async (recipe, options, context) => {
  const theirs = { ...recipe.fromEnvironment(context.environment), ...options }
  if (theirs.url === undefined) throw wrong(recipe, 'no URL is given')
  const { host, port } = await checkTarget(theirs.url, context.allowedTargets, [])
  const { protocol, username, password } = new URL(theirs.url)
  if (![`${recipe.scheme}:`, `${recipe.scheme}s:`].includes(protocol))
    throw wrong(recipe, `its URL begins with ${protocol}//, not ${recipe.scheme}://`)
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

/** Known before anything starts. */
function wrong({ title, remedies }: PartRecipe, why: string): AftershockError {
  return new AftershockError('usage', `${title} from url: ${why}`, {
    exitCode: ExitCode.badScenario,
    ...(remedies.url === undefined ? {} : { hint: remedies.url }),
  })
}
