// The options of a scenario of image inference, and no other.
import type { Resolved } from '../../src/scenario/schema.ts'

type Inference = Extract<Resolved['pipeline'], { kind: 'inference' }>

export function inferenceOf({ pipeline }: Pick<Resolved, 'pipeline'>): Inference {
  if (pipeline.kind !== 'inference') throw new Error(`${pipeline.kind} is no inference`)
  return pipeline
}
