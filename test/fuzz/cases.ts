// A case: a scenario file as somebody might have written it, sound or spoilt, its data files, and a seed to run it with.
import fc from 'fast-check'
import type { PipelineDefinition } from '../../src/pipelines/pipeline.ts'
import { type Mutation, mutated, mutations } from './mutate.ts'
import { type Drawn, scenariosOf } from './scenario.ts'
import { toJson, toYaml, treeOf } from './tree.ts'

export interface Case {
  /** The scenario's own, in `files`. */
  readonly name: string
  readonly files: Readonly<Record<string, string>>
  readonly seed: number
  /** Nothing in it was spoilt: it should be accepted. */
  readonly isSound: boolean
}

/** Three scenarios of five are as drawn; most others have one thing wrong. */
const spoils = fc
  .tuple(fc.nat(9), fc.array(mutations, { minLength: 1, maxLength: 4 }))
  .map(([n, all]): readonly Mutation[] => (n < 6 ? [] : n < 9 ? all.slice(0, 1) : all))

/** In a data file. */
const DIRT = [
  '\n-3\n',
  '\nx,1\n',
  '\n1,2,3\n',
  '{"time":',
  '\r\n',
  '\n1e9\n',
  '٣',
  '\u0000',
  '\n5,-1',
]
const dirt = fc
  .tuple(fc.nat(15), fc.nat(60), fc.constantFrom(...DIRT))
  .map(([n, at, put]) => (n < 15 ? undefined : ([at, put] as const)))

/** Of the bundled pipelines, or of one that is not. */
export function casesOf(own?: PipelineDefinition): fc.Arbitrary<Case> {
  return fc
    .record({
      scenario: scenariosOf(own),
      spoils,
      dirt,
      isJson: fc.boolean(),
      seed: fc.integer({ min: 0, max: 999 }),
    })
    .map(({ scenario, spoils: all, dirt: in_, isJson, seed }) => {
      let tree = treeOf(scenario.raw)
      for (const one of all) tree = mutated(tree, one)
      const name = isJson ? 'x.json' : 'x.yaml'
      const text = isJson ? `${toJson(tree)}\n` : toYaml(tree)
      const isSound = all.length === 0 && in_ === undefined
      return { name, files: { ...soiled(scenario, in_), [name]: text }, seed, isSound }
    })
}

function soiled({ files }: Drawn, spot: readonly [number, string] | undefined): Drawn['files'] {
  if (spot === undefined) return files
  const [at, put] = spot
  return Object.fromEntries(
    Object.entries(files).map(([name, text]) => [name, text.slice(0, at) + put + text.slice(at)]),
  )
}
