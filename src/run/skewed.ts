// Whose clocks the faults of a scenario skew.
import picomatch from 'picomatch'
import type { Plan } from './plan.ts'

/** Names of hosts. */
export function skewedIn({ faults, hosts }: Plan): string[] {
  const globs = faults
    .filter(({ definition }) => definition.hands?.includes('clock') === true)
    .flatMap(({ definition, options }) => definition.targets?.(options as never).hosts ?? [])
  return hosts.map(({ name }) => name).filter((name) => globs.some((glob) => picomatch(glob)(name)))
}
