// What a mock upstream is: options, and a main that serves routes, with a capacity, as a host of either world.
import { z } from 'zod'
import type { Host } from '../src/worlds/world.ts'

export interface UpstreamDefinition<
  Schema extends z.ZodType = z.ZodType,
  Settings extends z.output<Schema> = z.output<Schema>,
> {
  readonly kind: string
  /** What a scenario may say of it. */
  readonly options: Schema
  /** Runs again at every start; its settings are the options and what its pipeline adds to them. */
  main(host: Host, settings: Settings): void | Promise<void>
}

export const noOptions = z.strictObject({})

/** For types: returns what it is given. */
export function defineUpstream<
  Schema extends z.ZodType,
  Settings extends z.output<Schema> = z.output<Schema>,
>(definition: UpstreamDefinition<Schema, Settings>): UpstreamDefinition<Schema, Settings> {
  return definition
}
