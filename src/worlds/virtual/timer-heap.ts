// Pending timers in the order of their time: a heap of numbers, so that moving one is no work for the collector.
/** What is called when an event is due. */
export type Fire = (arg: never) => void

const nothing: Fire = () => {}

const FIRST_CAPACITY = 1_024
/** Four children lie side by side in memory, and the heap is half as deep. */
const CHILDREN = 4

/**
 * Earliest first, those of one time in the order of pushing. By place in the heap: when, and which slot; by slot: the
 * place, the order of pushing, and what is called with what. An object for each event would be more for the collector
 * than all else that a call costs it, and references would have to be told to it at every move.
 */
export class TimerHeap {
  size = 0
  #seq = 0
  #atUs = new Float64Array(FIRST_CAPACITY)
  #slots = Int32Array.from({ length: FIRST_CAPACITY }, (_, slot) => slot)
  #places = new Int32Array(FIRST_CAPACITY)
  #seqs = new Float64Array(FIRST_CAPACITY)
  readonly #fires: Fire[] = new Array(FIRST_CAPACITY).fill(nothing)
  readonly #args: unknown[] = new Array(FIRST_CAPACITY).fill(undefined)

  /** When the earliest is due; meaningless when there is none. */
  get firstUs(): number {
    return this.#atUs[0] as number
  }

  /** Of the earliest, whose slot is free for the next that is pushed once this is popped. */
  get firstFire(): Fire {
    return this.#fires[this.#slots[0] as number] as Fire
  }

  get firstArg(): unknown {
    return this.#args[this.#slots[0] as number]
  }

  /** The slot that it takes, until it is popped or removed. */
  push(atUs: number, fire: Fire, arg: unknown): number {
    if (this.size === this.#slots.length) this.#grow()
    // Beyond the heap's end lie the slots that are free.
    const slot = this.#slots[this.size] as number
    this.#fires[slot] = fire
    this.#args[slot] = arg
    this.#seqs[slot] = this.#seq++
    this.#siftUp(atUs, slot, this.size++)
    return slot
  }

  /** Takes out the earliest of those that there are. */
  pop(): void {
    this.remove(this.#slots[0] as number)
  }

  /** Takes out what is in a slot. */
  remove(slot: number): void {
    this.#args[slot] = undefined
    const hole = this.#places[slot] as number
    const last = --this.size
    const lastUs = this.#atUs[last] as number
    const lastSlot = this.#slots[last] as number
    this.#slots[last] = slot
    if (hole === last) return
    const parent = (hole - 1) >> 2
    if (hole > 0 && this.#isBefore(lastUs, lastSlot, parent)) this.#siftUp(lastUs, lastSlot, hole)
    else this.#siftDown(lastUs, lastSlot, hole)
  }

  #isBefore(atUs: number, slot: number, place: number): boolean {
    const otherUs = this.#atUs[place] as number
    if (atUs !== otherUs) return atUs < otherUs
    return (this.#seqs[slot] as number) < (this.#seqs[this.#slots[place] as number] as number)
  }

  #siftUp(atUs: number, slot: number, from: number): void {
    let hole = from
    while (hole > 0) {
      const parent = (hole - 1) >> 2
      if (!this.#isBefore(atUs, slot, parent)) break
      this.#put(this.#atUs[parent] as number, this.#slots[parent] as number, hole)
      hole = parent
    }
    this.#put(atUs, slot, hole)
  }

  #siftDown(atUs: number, slot: number, from: number): void {
    const { size } = this
    let hole = from
    for (;;) {
      const first = CHILDREN * hole + 1
      if (first >= size) break
      const end = Math.min(first + CHILDREN, size)
      let least = first
      let leastUs = this.#atUs[first] as number
      let leastSlot = this.#slots[first] as number
      for (let child = first + 1; child < end; child++)
        if (!this.#isBefore(leastUs, leastSlot, child)) {
          least = child
          leastUs = this.#atUs[child] as number
          leastSlot = this.#slots[child] as number
        }
      if (this.#isBefore(atUs, slot, least)) break
      this.#put(leastUs, leastSlot, hole)
      hole = least
    }
    this.#put(atUs, slot, hole)
  }

  #put(atUs: number, slot: number, place: number): void {
    this.#atUs[place] = atUs
    this.#slots[place] = slot
    this.#places[slot] = place
  }

  #grow(): void {
    const from = this.#slots.length
    const to = 2 * from
    const larger = <T extends Float64Array | Int32Array>(empty: T, old: T): T => {
      empty.set(old)
      return empty
    }
    this.#atUs = larger(new Float64Array(to), this.#atUs)
    this.#seqs = larger(new Float64Array(to), this.#seqs)
    this.#places = larger(new Int32Array(to), this.#places)
    this.#slots = larger(new Int32Array(to), this.#slots)
    for (let slot = from; slot < to; slot++) {
      this.#slots[slot] = slot
      this.#fires.push(nothing)
      this.#args.push(undefined)
    }
  }
}
