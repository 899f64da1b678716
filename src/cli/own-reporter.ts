// A reporter of the user's own: a module, named by its path on the command line.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { BadInputError, UserCodeError } from '../base/errors.ts'
import type { Reporter } from '../reporters/reporter.ts'
import { exportOf } from '../scenario/module-file.ts'

const EXPECTED = { what: 'a reporter', define: 'defineReporter' } as const

/** Throws BadInputError for what is no such module. */
export async function ownReporter(path: string): Promise<Reporter> {
  const file = resolve(path)
  if (!existsSync(file)) throw new BadInputError(`--reporter: there is no file '${path}'`)
  const exported = (await exportOf(path, file, EXPECTED)) as Partial<Reporter>
  const { render, charts, help = path } = exported
  if (typeof render !== 'function')
    throw new BadInputError(
      `${path} exports no defineReporter({ … }) as it should: it has no \`render\`, a function: (summary, options) => a text`,
    )
  return {
    kind: path,
    help,
    ...(charts === true ? { charts } : {}),
    async render(summary, options) {
      const text = await rendered(path, () => exported.render?.(summary, options))
      if (typeof text === 'string') return text
      throw new UserCodeError(`${path}: render`, new Error(`it gave ${typeof text}, not a text`))
    },
  }
}

async function rendered(path: string, render: () => unknown): Promise<unknown> {
  try {
    return await render()
  } catch (error) {
    throw new UserCodeError(`${path}: render`, error)
  }
}
