// Folders that vanish with their last object, as the wire shows it, and the uploads that come just then.
import { folderEnd } from '../../store/folders.ts'
import type { Call } from '../../world.ts'

interface Race {
  readonly withinMs: number
  readonly refuses: (call: Call) => boolean
}

/** Nothing reaches the store but through interposers: what is in a folder is known from what was answered. */
export class VanishedFolders {
  readonly #nowMs: () => number
  readonly #keys = new Map<string, Set<string>>()
  /** Folder → when it vanished, ms of the world. */
  readonly #vanishedMs = new Map<string, number>()
  #races: readonly Race[] = []

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs
  }

  stored(key: string): void {
    const folder = folderOf(key)
    const keys = this.#keys.get(folder)
    if (keys === undefined) this.#keys.set(folder, new Set([key]))
    else keys.add(key)
    this.#vanishedMs.delete(folder)
  }

  removed(key: string): void {
    const folder = folderOf(key)
    const keys = this.#keys.get(folder)
    if (keys?.delete(key) !== true || keys.size > 0) return
    this.#keys.delete(folder)
    this.#vanishedMs.set(folder, this.#nowMs())
  }

  hold(withinMs: number, refuses: (call: Call) => boolean): Disposable {
    const own: Race = { withinMs, refuses }
    this.#races = [...this.#races, own]
    return {
      [Symbol.dispose]: () => {
        this.#races = this.#races.filter((other) => other !== own)
      },
    }
  }

  /** Whether this put, about to be passed on, loses against the removal of its folder. */
  refuses(put: Call): boolean {
    if (this.#races.length === 0) return false
    const vanishedMs = this.#vanishedMs.get(folderOf(put.key))
    if (vanishedMs === undefined) return false
    const agoMs = this.#nowMs() - vanishedMs
    const met = this.#races.filter((race) => agoMs <= race.withinMs)
    // Each is asked, so that each counts what it saw.
    return met.filter((race) => race.refuses(put)).length > 0
  }
}

function folderOf(key: string): string {
  return key.slice(0, folderEnd(key))
}
