// Reads a module in TypeScript or JavaScript, a scenario or a kind of one's own: says in a sentence why it does not load.
import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BadInputError, messageOf } from '../base/errors.ts'
import { nearest } from '../base/suggest.ts'
import { type Path, plain, type Source, written } from './source.ts'

/** Throws BadInputError for a module that does not load, or exports no scenario. */
export async function readModule(name: string, file: string): Promise<Source> {
  const url = pathToFileURL(file).href
  const exported = await exportOf(name, file, SCENARIO)
  let order = 0
  const locate = (path: Path) => ({
    where: path.length === 0 ? name : `${name}: ${written(path)}`,
    order: order++,
  })
  const refuse = (path: Path, message: string): never => {
    throw new BadInputError(`${locate(path).where}: ${message}`)
  }
  try {
    return { data: plain(exported, refuse), locate }
  } catch (error) {
    if (error instanceof BadInputError) throw error
    throw new BadInputError(
      `${name}${lineOf(error, url)}: threw while it was read: ${firstLine(error)}`,
      undefined,
      error,
    )
  }
}

/** What a module is expected to export by default. */
export interface Expected {
  /** `a scenario` */
  readonly what: string
  /** The function that makes it, of this library. */
  readonly define: string
}

const SCENARIO: Expected = { what: 'a scenario', define: 'defineScenario' }

const cureOf = ({ define }: Expected) => `write export default ${define}({ … })`

/** Throws BadInputError for a module that does not load, or exports nothing of the kind. */
export async function exportOf(name: string, file: string, expected: Expected): Promise<object> {
  const url = pathToFileURL(file).href
  const { exported } = await load(url).catch(async (error: unknown) => {
    throw new BadInputError(
      `${name}${lineOf(error, url)}: ${await whyNotLoaded(error, file, expected)}`,
      undefined,
      error,
    )
  })
  const refused = refusal(exported, expected)
  if (refused !== undefined) throw new BadInputError(`${name}: ${refused}`)
  return exported as object
}

async function load(url: string): Promise<{ exported: unknown }> {
  const { stamp } = await import('./module-hooks.ts')
  using guard = new Guard()
  const loaded = (await Promise.race([import(stamp(url)), guard.failed])) as { default?: unknown }
  // A promise that fails with nobody listening is told one turn later.
  await Promise.race([new Promise((turn) => setImmediate(turn)), guard.failed])
  // In an object, or a promise that was exported would be awaited.
  return { exported: loaded.default }
}

const EXIT = process.exit

/** Turns what would end the whole program while a module loads into an error of that module. */
class Guard implements Disposable {
  readonly failed: Promise<never>
  #fail: (error: unknown) => void = () => {}
  readonly #stray = (error: unknown) => this.#fail(error)
  readonly #idle = () =>
    this.#fail(new Error('its top-level await waits for something that never comes'))

  constructor() {
    this.failed = new Promise((_, fail) => {
      this.#fail = fail
    })
    this.failed.catch(() => {})
    process.on('unhandledRejection', this.#stray)
    process.on('beforeExit', this.#idle)
    process.exit = () => {
      throw new Error('it calls process.exit')
    }
  }

  [Symbol.dispose](): void {
    process.off('unhandledRejection', this.#stray)
    process.off('beforeExit', this.#idle)
    process.exit = EXIT
  }
}

function refusal(exported: unknown, expected: Expected): string | undefined {
  if (exported === undefined) return `no default export; ${cureOf(expected)}`
  if (exported instanceof Promise)
    return 'the default export is a promise; write export default await …'
  if (typeof exported === 'object' && exported !== null && !Array.isArray(exported))
    return undefined
  const what =
    exported === null
      ? 'null'
      : Array.isArray(exported)
        ? 'a list'
        : typeof exported === 'function'
          ? 'a function'
          : `a ${typeof exported}`
  return `the default export is ${what}, not ${expected.what}; ${cureOf(expected)}`
}

/** `:line:col` or `:line` of the first place in the module itself that an error's stack tells. */
function lineOf(error: unknown, url: string): string {
  const stack = error instanceof Error ? (error.stack ?? '') : ''
  const from = stack.indexOf(url)
  return from < 0
    ? ''
    : (/^(?:\?aftershock=\d+)?((?::\d+){1,2})/.exec(stack.slice(from + url.length))?.[1] ?? '')
}

async function whyNotLoaded(error: unknown, file: string, expected: Expected): Promise<string> {
  const message = firstLine(error)
  const code = (error as { code?: string } | null | undefined)?.code
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX')
    return `no ${/^TypeScript (.+?) (?:is|are) not/.exec(message)?.[1] ?? message} here: types are stripped, not compiled`
  if (code === 'ERR_MODULE_NOT_FOUND') return notFound(message, file)
  const [, from, wanted] =
    /^The requested module '(.+)' does not provide an export named '(.+)'$/.exec(message) ?? []
  if (from !== undefined && wanted !== undefined) return await noExport(from, wanted)
  if (/^(module|exports|require) is not defined/.test(message))
    return `${expected.what} is an ES module: ${cureOf(expected)}`
  const language = /\.m?ts$/i.test(file) ? 'TypeScript' : 'JavaScript'
  return error instanceof SyntaxError
    ? `not ${language}: ${message}`
    : `threw while loading: ${message}`
}

async function noExport(from: string, wanted: string): Promise<string> {
  // By name, as the scenario does: the hook answers with this program's own library.
  const known = from === 'aftershock' ? Object.keys((await import(from)) as object) : []
  const near = nearest(wanted, known)
  const cure =
    near === undefined
      ? `if it is a type, write import type { ${wanted} }`
      : `did you mean '${near}'?`
  return `'${from}' exports no '${wanted}'; ${cure}`
}

function notFound(message: string, file: string): string {
  const [, what = '', wanted = '', from = file] =
    /^Cannot find (module|package) '([^']+)'(?: imported from (.*))?$/.exec(message) ?? []
  if (what === 'package')
    return `cannot find the package '${wanted}'; install it beside the scenario, or import only 'aftershock'`
  if (what === '') return message
  const path = (to: string) => `./${relative(dirname(from), to)}`.replace(/^\.\/\.\./, '..')
  const meant = ['.ts', '.mts', '.js', '/index.ts']
    .map((end) => wanted + end)
    .find((one) => existsSync(one))
  const where =
    resolve(from) === resolve(file) ? '' : `, which ${relative(dirname(file), from)} imports`
  return `cannot find '${path(wanted)}'${where}${meant === undefined ? '' : `; did you mean '${path(meant)}'?`}`
}

function firstLine(error: unknown): string {
  return messageOf(error).split('\n')[0] ?? ''
}
