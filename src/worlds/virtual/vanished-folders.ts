// Folders that vanish with their last object, and the uploads that meet them just then.

import { folderEnd } from '../store/folders.ts'
import type { ObjectTable } from '../store/objects.ts'
import type { Call } from '../world.ts'
import type { VirtualClock } from './clock.ts'

interface Race {
  readonly withinUs: number
  readonly refuses: (call: Call) => boolean
}

export class VanishedFolders {
  readonly #table: ObjectTable
  readonly #clock: VirtualClock
  #races: readonly Race[] = []
  /** Folder → when it vanished, µs; noted only while somebody asks. */
  readonly #vanishedUs = new Map<string, number>()

  constructor(table: ObjectTable, clock: VirtualClock) {
    this.#table = table
    this.#clock = clock
  }

  hold(withinMs: number, refuses: (call: Call) => boolean): Disposable {
    const own: Race = { withinUs: withinMs * 1_000, refuses }
    this.#races = [...this.#races, own]
    this.#table.onVanish = (folder) => this.#vanishedUs.set(folder, this.#clock.nowUs)
    return {
      [Symbol.dispose]: () => {
        this.#races = this.#races.filter((other) => other !== own)
        if (this.#races.length > 0) return
        this.#table.onVanish = undefined
        this.#vanishedUs.clear()
      },
    }
  }

  /** Whether this put, about to take effect, loses against the removal of its folder. */
  refuses(put: Call): boolean {
    if (this.#races.length === 0) return false
    const folder = put.key.slice(0, folderEnd(put.key))
    const vanishedUs = this.#vanishedUs.get(folder)
    // Another put may have made the folder anew: then there is nothing left to race with.
    if (vanishedUs === undefined || this.#table.hasFolder(folder)) return false
    const agoUs = this.#clock.nowUs - vanishedUs
    const met = this.#races.filter((race) => agoUs <= race.withinUs)
    // Each is asked, so that each counts what it saw.
    return met.filter((race) => race.refuses(put)).length > 0
  }
}
