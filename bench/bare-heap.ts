// The least that a clock can be, for comparison: a binary heap of plain callbacks, no promises.
interface Plain {
  at: number
  seq: number
  fire: () => void
}

/** In the order of time, and of pushing within one instant. */
export class BareHeap {
  nowUs = 0
  readonly #heap: Plain[] = []
  #seq = 0

  push(at: number, fire: () => void): void {
    const heap = this.#heap
    const timer = { at, seq: this.#seq++, fire }
    let i = heap.length
    heap.push(timer)
    while (i > 0) {
      const up = (i - 1) >> 1
      const parent = heap[up] as Plain
      if (!isEarlier(timer, parent)) break
      heap[i] = parent
      i = up
    }
    heap[i] = timer
  }

  run(): void {
    for (let timer = this.#pop(); timer !== undefined; timer = this.#pop()) {
      this.nowUs = timer.at
      timer.fire()
    }
  }

  #pop(): Plain | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    const size = heap.length
    if (last === undefined || size === 0) return top
    let i = 0
    for (let child = 1; child < size; child = 2 * i + 1) {
      if (child + 1 < size && isEarlier(heap[child + 1] as Plain, heap[child] as Plain)) child++
      const least = heap[child] as Plain
      if (!isEarlier(least, last)) break
      heap[i] = least
      i = child
    }
    heap[i] = last
    return top
  }
}

const isEarlier = (a: Plain, b: Plain) => a.at < b.at || (a.at === b.at && a.seq < b.seq)
