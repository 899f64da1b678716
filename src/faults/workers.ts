// Which workers are in the middle of a job, and how many jobs that makes.
import type { Hands } from '../worlds/world.ts'

export function busyWorkers(
  hands: Hands,
  glob: string,
): { readonly workers: readonly ReturnType<Hands['host']>[]; readonly jobs: number } {
  const workers = hands
    .hosts(glob)
    .map((name) => hands.host(name))
    .filter((worker) => worker.jobs() > 0)
  return { workers, jobs: workers.reduce((sum, worker) => sum + worker.jobs(), 0) }
}
