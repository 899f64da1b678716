// What a run says of calls to hosts that no upstream stands in for: which they were, and the cure.
import type { Environment } from './result.ts'

/** A line for each caller and host. */
export function undeclaredCalls(environment: Environment | undefined): string[] {
  return (environment?.egress ?? [])
    .filter(({ why }) => why === 'undeclared')
    .map(
      ({ from, to, calls }) =>
        `${from} called ${to}, ${calls} ×, and was refused: no upstream has it in its \`hosts\``,
    )
}
