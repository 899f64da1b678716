// Row locks: one holder each, first come first served, and who waits for whom.

interface Lock<Tx> {
  holder: Tx
  readonly waiting: { readonly tx: Tx; readonly run: () => void }[]
}

export class RowLocks<Tx> {
  readonly #locks = new Map<string, Lock<Tx>>()
  /** What each holds, and the one lock that it waits for. */
  readonly #held = new Map<Tx, string[]>()
  readonly #waits = new Map<Tx, string>()

  /** Runs `run` now or when the row is free; false where it has to wait. The lock is kept until `release`. */
  take(name: string, tx: Tx, run: () => void): boolean {
    const lock = this.#locks.get(name)
    if (lock !== undefined && lock.holder !== tx) {
      lock.waiting.push({ tx, run })
      this.#waits.set(tx, name)
      return false
    }
    if (lock === undefined) this.#hold(name, tx, [])
    run()
    return true
  }

  /** All of them: nobody has locked anything. */
  get areFree(): boolean {
    return this.#locks.size === 0
  }

  isFree(name: string): boolean {
    return !this.#locks.has(name)
  }

  #hold(name: string, tx: Tx, waiting: Lock<Tx>['waiting']): void {
    this.#locks.set(name, { holder: tx, waiting })
    const held = this.#held.get(tx)
    if (held === undefined) this.#held.set(tx, [name])
    else held.push(name)
  }

  isWaiting(tx: Tx): boolean {
    return this.#waits.has(tx)
  }

  /** Whether those that it waits for wait, in the end, for it. */
  isDeadlocked(tx: Tx): boolean {
    const seen = new Set<Tx>()
    let at: Tx | undefined = tx
    while (at !== undefined && !seen.has(at)) {
      seen.add(at)
      const name = this.#waits.get(at)
      at = name === undefined ? undefined : this.#locks.get(name)?.holder
      if (at === tx) return true
    }
    return false
  }

  /** Gives back all that it holds, and its place in any line. */
  release(tx: Tx): void {
    const waitsFor = this.#waits.get(tx)
    if (waitsFor !== undefined) {
      const line = this.#locks.get(waitsFor)?.waiting ?? []
      line.splice(0, line.length, ...line.filter((one) => one.tx !== tx))
      this.#waits.delete(tx)
    }
    const held = this.#held.get(tx) ?? []
    this.#held.delete(tx)
    for (const name of held) this.#pass(name)
  }

  #pass(name: string): void {
    const waiting = this.#locks.get(name)?.waiting ?? []
    const next = waiting.shift()
    this.#locks.delete(name)
    if (next === undefined) return
    this.#waits.delete(next.tx)
    this.#hold(name, next.tx, waiting)
    next.run()
  }
}
