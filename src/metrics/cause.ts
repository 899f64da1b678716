// Root causes of losses, each known once: a stage, a class, and the server's own code and words.
import { must } from '../base/assert.ts'
import type { Result } from './attempts.ts'

export interface Cause {
  readonly id: number
  readonly stage: string
  readonly class: string
  readonly code: string | undefined
  readonly message: string | undefined
}

export class Causes {
  readonly all: Cause[] = []
  readonly #byName = new Map<string, Cause>()
  /** Stage → cause by the number of the result: what failing calls ask for again and again. */
  readonly #byResult = new Map<string, Cause[]>()

  of(stage: string, klass: string, code?: string, message?: string): Cause {
    const name = `${stage} ${klass} ${code ?? ''} ${message ?? ''}`
    let cause = this.#byName.get(name)
    if (cause === undefined) {
      cause = { id: this.all.length, stage, class: klass, code, message }
      this.#byName.set(name, cause)
      this.all.push(cause)
    }
    return cause
  }

  ofResult(stage: string, result: Result): Cause {
    let causes = this.#byResult.get(stage)
    if (causes === undefined) {
      causes = []
      this.#byResult.set(stage, causes)
    }
    const known = causes[result.id]
    if (known !== undefined) return known
    const cause = this.of(stage, result.class, result.code, result.message)
    causes[result.id] = cause
    return cause
  }

  byId(id: number): Cause {
    return must(this.all[id], 'causes are never forgotten')
  }
}

/** What an event tells of it. */
export function seen({ stage, class: klass, code }: Cause) {
  return { stage, class: klass, ...(code === undefined ? {} : { code }) }
}
