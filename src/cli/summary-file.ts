// Reads a summary that an earlier run wrote.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BadInputError } from '../base/errors.ts'
import type { Summary } from '../run/result.ts'

/** Of a folder that a run left, the summary in it. Throws BadInputError for what is no summary of this schema. */
export async function readSummary(path: string): Promise<Summary> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true
  const file = isFolder ? join(path, 'summary.json') : path
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'no such file' : `cannot be read: ${error.message}`
    throw new BadInputError(`${file}: ${why}; write one with run … --summary-export ${file}`)
  })
  const data = parsed(file, text)
  const isSummary =
    typeof data === 'object' &&
    data !== null &&
    (data as Partial<Summary>).schema === 'aftershock/summary/v1' &&
    Array.isArray((data as Partial<Summary>).runs)
  if (isSummary) return data as Summary
  throw new BadInputError(
    `${file}: not a summary (aftershock/summary/v1); write one with run … --summary-export ${file}`,
  )
}

function parsed(file: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new BadInputError(`${file}: not JSON: ${(error as Error).message}`)
  }
}
