// Collects what is wrong with a scenario over all its variants, and says each thing once, in the order of the file.
import { BadInputError } from '../base/errors.ts'
import type { SourceFile } from './file.ts'
import type { Problem } from './problems.ts'
import { inOneLine, written } from './source.ts'

/** One way to run a scenario. */
export interface Context {
  readonly variant: string | undefined
  readonly brief: boolean
}

/** What can be judged of a variant: its shape, and, where that is right, its sense. */
type Phase = 'shape' | 'sense'

interface Finding {
  readonly problem: Problem
  readonly phase: Phase
  /** Empty: it is wrong whatever is run. */
  readonly contexts: Context[]
}

/** More lines than this help nobody. */
const MOST = 20

export class Findings {
  readonly #found = new Map<string, Finding>()
  readonly #asked: Record<Phase, Context[]> = { shape: [], sense: [] }

  /** What is wrong with the file, whatever is run. */
  say(problems: readonly Problem[]): void {
    for (const problem of problems)
      this.#found.set(keyOf(problem), { problem, phase: 'shape', contexts: [] })
  }

  /** What one variant showed; none is a finding too. Paths are those of the file. */
  add(phase: Phase, context: Context, problems: readonly Problem[]): void {
    this.#asked[phase].push(context)
    for (const problem of problems) {
      const known = this.#found.get(keyOf(problem))
      if (known === undefined)
        this.#found.set(keyOf(problem), { problem, phase, contexts: [context] })
      else known.contexts.push(context)
    }
  }

  get isEmpty(): boolean {
    return this.#found.size === 0
  }

  /** Throws BadInputError with one line for each. */
  refuse(source: SourceFile): void {
    if (this.isEmpty) return
    const lines = this.lines(source)
    const more =
      lines.length > MOST ? [`${source.name}: and ${lines.length - MOST} problems more`] : []
    throw new BadInputError([...lines.slice(0, MOST), ...more].join('\n'))
  }

  /** `file:line:col: a.b (in fix): message`; `severity` stands before the message. */
  lines(source: SourceFile, severity = ''): string[] {
    const lines = [...this.#found.values()].map((finding) => {
      const { where, order } = source.locate(finding.problem.path, finding.problem.on)
      const line = `${where}${this.#whose(finding)}: ${severity}${finding.problem.message}`
      return { order, line: inOneLine(line) }
    })
    return lines.sort((a, b) => a.order - b.order).map(({ line }) => line)
  }

  /** ` (in the brief of fix)`, where it is not wrong everywhere and its place does not tell. */
  #whose({ problem: { path }, phase, contexts }: Finding): string {
    if (contexts.length === 0) return ''
    const asked = this.#asked[phase]
    const names = (of: readonly Context[]) => [...new Set(of.map((c) => c.variant))]
    const some =
      names(contexts).length < names(asked).length && path[0] !== 'variants'
        ? names(contexts).join(', ')
        : ''
    const isBrief =
      contexts.every((c) => c.brief) && asked.some((c) => !c.brief) && !path.includes('brief')
    if (isBrief) return some === '' ? ' (in the brief)' : ` (in the brief of ${some})`
    return some === '' ? '' : ` (in ${some})`
  }
}

function keyOf({ path, message }: Problem): string {
  return `${written(path)} ${message}`
}
