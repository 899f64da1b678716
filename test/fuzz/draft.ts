// Drafts: parts of a scenario that can only be written when other parts of it are known, such as the name of a host.
import type { PipelineDefinition } from '../../src/pipelines/pipeline.ts'

/** What a part of a scenario can refer to. */
export interface Surroundings {
  readonly pipeline: PipelineDefinition
  readonly warmupMs: number
  readonly endMs: number
  readonly hosts: readonly string[]
  readonly routes: readonly string[]
  readonly keys: readonly string[]
  readonly faultNames: readonly string[]
  readonly windows: readonly string[]
  readonly thresholds: readonly string[]
  readonly fingerprint: readonly string[]
  /** Puts a data file beside the scenario; its name. */
  addFile(content: string): string
}

export class Later {
  readonly write: (around: Surroundings) => unknown

  constructor(write: (around: Surroundings) => unknown) {
    this.write = write
  }
}

/** Stands where a key or an entry is left out. */
export const ABSENT = Symbol('absent')

export function written(draft: unknown, around: Surroundings): unknown {
  if (draft instanceof Later) return written(draft.write(around), around)
  if (Array.isArray(draft))
    return draft.filter((item) => item !== ABSENT).map((item) => written(item, around))
  if (typeof draft !== 'object' || draft === null) return draft
  const entries = Object.entries(draft).map(([key, value]) => [key, written(value, around)])
  return Object.fromEntries(entries.filter(([, value]) => value !== ABSENT))
}

/** Of a list that is known only later: `number` counts around and around it. */
export function pick<T>(list: readonly T[], number: number): T | undefined {
  return list[number % list.length]
}
