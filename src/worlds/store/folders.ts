// What is known of each folder, found by a key that lies in it.

const SLASH = 47
/** Folders found without taking a key apart; more of them share places. */
const PLACES = 64

interface Known<V> {
  readonly name: string
  readonly value: V
}

export class Folders<V> {
  readonly #byName = new Map<string, V>()
  /** By the end of the name, where folders differ mostly: cutting out and hashing a name is what takes time. */
  readonly #recent: (Known<V> | undefined)[] = new Array(PLACES).fill(undefined)
  readonly #make: (name: string) => V

  constructor(make: (name: string) => V) {
    this.#make = make
  }

  get size(): number {
    return this.#byName.size
  }

  get(name: string): V | undefined {
    return this.#byName.get(name)
  }

  names(): Iterable<string> {
    return this.#byName.keys()
  }

  /** The folder of a key whose name ends at `end`; made if it is new. */
  of(key: string, end: number): V {
    const place = placeOf(key, end)
    const known = this.#recent[place]
    if (known !== undefined && known.name.length === end && key.startsWith(known.name))
      return known.value
    const name = key.slice(0, end)
    let value = this.#byName.get(name)
    if (value === undefined) {
      value = this.#make(name)
      this.#byName.set(name, value)
    }
    this.#recent[place] = { name, value }
    return value
  }

  delete(name: string): void {
    this.#byName.delete(name)
    const place = placeOf(name, name.length)
    if (this.#recent[place]?.name === name) this.#recent[place] = undefined
  }

  clear(): void {
    this.#byName.clear()
    this.#recent.fill(undefined)
  }
}

function placeOf(key: string, end: number): number {
  return end < 3 ? 0 : (key.charCodeAt(end - 2) + 10 * key.charCodeAt(end - 3)) % PLACES
}

/** Where the folder's name ends, its slash included. By hand: `lastIndexOf` leaves compiled code. */
export function folderEnd(key: string): number {
  let end = key.length
  while (end > 0 && key.charCodeAt(end - 1) !== SLASH) end--
  return end
}
