// The journal of a process that is gone.
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Handle, journalName } from '../../../src/worlds/real/journal.ts'

/** As a process that is gone has left it: its pid is taken, but by a later process. */
export function orphan(journals: string, lines: readonly string[]): string {
  mkdirSync(journals, { recursive: true })
  const [machine, pid] = journalName().split('.')
  const path = join(journals, `${machine}.${pid}.earlier.${randomUUID().slice(0, 8)}.jsonl`)
  writeFileSync(path, lines.join('\n'))
  return path
}

export const held = (id: number, handle: Handle) => JSON.stringify({ held: id, handle })
