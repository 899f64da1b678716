// Reads a scenario file, of any of its formats.
import { readFile, stat } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { BadInputError } from '../base/errors.ts'
import type { Source } from './source.ts'

export interface SourceFile extends Source {
  /** As the user named it. */
  readonly name: string
  /** Where it lies, for the files that it names. */
  readonly folder: string
}

const MODULES = ['.ts', '.mts', '.js', '.mjs']
const TEXTS = ['.yaml', '.yml', '.json']
const FORMATS = [...MODULES, ...TEXTS]
/** A trace belongs into a file of its own. */
const LARGEST_BYTES = 4_000_000

/** Throws BadInputError for anything that is not a scenario at all. */
export async function readSource(name: string): Promise<SourceFile> {
  if (name === '') throw new BadInputError('an empty text names no scenario file')
  const file = resolve(name)
  const extension = extname(file).toLowerCase()
  await refuseOddFile(name, file, extension)
  const source = MODULES.includes(extension)
    ? await (await import('./module-file.ts')).readModule(name, file)
    : (await import('./text-file.ts')).readText(
        name,
        await textOf(name, file),
        extension === '.json',
      )
  return { ...source, name, folder: dirname(file) }
}

async function refuseOddFile(name: string, file: string, extension: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => error)
  if (found instanceof Error) throw notRead(name, found)
  if (found.isDirectory())
    throw new BadInputError(`${name}: is a directory; name the scenario files in it`)
  if (!FORMATS.includes(extension))
    throw new BadInputError(
      `${name}: not a scenario file by its name; it must end in ${FORMATS.join(' ')}`,
    )
  if (!found.isFile()) throw new BadInputError(`${name}: not a regular file`)
  if (found.size > LARGEST_BYTES)
    throw new BadInputError(
      `${name}: ${Math.round(found.size / 1e6)} MB are too much for a scenario; put a trace into a file of its own`,
    )
}

/** Text in UTF-8, without its byte order mark. */
async function textOf(name: string, file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw notRead(name, error)
  })
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch {
    // Said below.
  }
  throw new BadInputError(`${name}: not text in UTF-8; save it in that encoding`)
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; `aftershock list` names the bundled scenarios',
  ENOTDIR: 'no such file: part of the path is not a directory',
  EACCES: 'may not be read by this user',
  EPERM: 'may not be read by this user',
  ELOOP: 'its symbolic links lead in a circle',
}

function notRead(name: string, error: NodeJS.ErrnoException): BadInputError {
  return new BadInputError(
    `${name}: ${REASONS[error.code ?? ''] ?? `cannot be read: ${error.message}`}`,
    undefined,
    error,
  )
}
