// Reads a summary that an earlier run wrote.
import { readFile } from 'node:fs/promises'
import { BadInputError } from '../base/errors.ts'
import type { Summary } from '../run/result.ts'

/** Throws BadInputError for what is no summary of this version's schema. */
export async function readSummary(file: string): Promise<Summary> {
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
