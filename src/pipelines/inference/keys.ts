// Object keys: `<task type>/<camera>/<item>.jpg`.
import type { Options } from './options.ts'

export function taskFolder(taskType: string, task: number): string {
  return `${taskType}/cam${task + 1}/`
}

/** The number in the file's name, or -1. Read by hand: every call about an image passes here. */
export function itemOf(key: string): number {
  const end = key.length - 4
  if (end < 1 || !key.endsWith('.jpg')) return -1
  let index = 0
  let scale = 1
  let at = end - 1
  for (; at >= 0; at--) {
    const digit = key.charCodeAt(at) - 48
    if (digit < 0 || digit > 9) break
    index += digit * scale
    scale *= 10
  }
  return at === end - 1 ? -1 : index
}

export function* keys({ taskType, tasks }: Options): Iterable<string> {
  for (let index = 0; index < 2_000; index++)
    for (let task = 0; task < tasks; task++)
      yield `${taskFolder(taskType, task)}${String(index).padStart(8, '0')}.jpg`
}
