// Object keys: `<task type>/<camera>/<item>.jpg`.
import type { Options } from './options.ts'

/** The folder of each task, in order. */
export function taskFolders({ taskType, tasks }: Options): string[] {
  return Array.from({ length: tasks }, (_, task) => `${taskType}/cam${task + 1}/`)
}

/** As many digits as an item's id has; a longer number is something else. */
const ID_DIGITS = 8
const ENDING = '.jpg'

/** The number in the file's name, or -1: every call about an image passes here. */
export function itemOf(key: string): number {
  const end = key.length - 4
  if (end < 1 || !isJpeg(key, end)) return -1
  let index = 0
  let scale = 1
  let at = end - 1
  for (; at >= 0; at--) {
    const digit = key.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) break
    index += digit * scale
    scale *= 10
  }
  const digits = end - 1 - at
  return digits === 0 || digits > ID_DIGITS ? -1 : index
}

function isJpeg(key: string, end: number): boolean {
  for (let i = 0; i < ENDING.length; i++)
    if (key.charCodeAt(end + i) !== ENDING.charCodeAt(i)) return false
  return true
}

export function* keys(options: Options): Iterable<string> {
  const folders = taskFolders(options)
  for (let index = 0; index < 2_000; index++)
    for (const folder of folders) yield `${folder}${String(index).padStart(8, '0')}.jpg`
}
