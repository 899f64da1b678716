// Lets a scenario in TypeScript, anywhere on the disk, import `aftershock` and get the running program's own library.
import { readFileSync, statSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const SELF = 'aftershock'
const MARK = '?aftershock='
const STRIPPED = /\.m?ts$/i
/** The library beside this file: compiled or, in tests, the source. */
const LIBRARY = new URL(
  import.meta.url.endsWith('.ts') ? '../index.ts' : '../index.js',
  import.meta.url,
).href

/** Marks a URL as a scenario's. A changed file is read afresh; the same one may come from Node's compile cache. */
export function stamp(url: string): string {
  return `${url}${MARK}${statSync(fileURLToPath(url), { bigint: true }).mtimeNs}`
}

module.registerHooks({
  resolve(specifier, context, next) {
    if (specifier === SELF) return { url: LIBRARY, shortCircuit: true }
    const found = next(specifier, context)
    // What a scenario imports in TypeScript is read as the scenario is, and as freshly.
    const mark = context.parentURL?.indexOf(MARK) ?? -1
    const isOurs = mark >= 0 && found.url.startsWith('file:') && STRIPPED.test(found.url)
    return isOurs ? { ...found, url: `${found.url}${context.parentURL?.slice(mark)}` } : found
  },
  /** A scenario is an ES module wherever it lies: under node_modules, or beside a package.json that says otherwise. */
  load(url, context, next) {
    const mark = url.indexOf(MARK)
    if (mark < 0) return next(url, context)
    const file = fileURLToPath(url.slice(0, mark))
    const isTypeScript = STRIPPED.test(file)
    if (!file.includes('/node_modules/'))
      return next(url, { ...context, format: isTypeScript ? 'module-typescript' : 'module' })
    // Node strips no types below node_modules, where an installed program's own scenarios lie.
    const text = readFileSync(file, 'utf8')
    return {
      format: 'module',
      source: isTypeScript ? withoutTypes(text) : text,
      shortCircuit: true,
    }
  },
})

/** Stripping is what Node does by itself elsewhere; that it calls the function experimental helps nobody here. */
function withoutTypes(text: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return module.stripTypeScriptTypes(text)
  } finally {
    process.emitWarning = emitWarning
  }
}
