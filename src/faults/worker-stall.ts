// Workers stand still in the middle of their jobs: their leases run out, and others take what they still hold.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'
import { busyWorkers } from './workers.ts'

const options = z.strictObject({
  kind: z.literal('worker.stall'),
  ...timing,
  worker: glob.default('worker-*').meta({ description: 'Of these, those that have jobs in hand' }),
})

export const workerStall = defineFault({
  kind: 'worker.stall',
  help: 'workers that have jobs in hand stand still until healed, as in a blocked event loop',
  options,
  needsHosts: true,
  hands: ['host'],
  describe: (o) => `${o.worker} stalled in mid-job`,
  targets: (o) => ({ hosts: [o.worker] }),
  hold(o, hands, evidence) {
    const { workers, jobs } = busyWorkers(hands, o.worker)
    const moved = workers.filter((worker) => worker.running())
    for (const worker of workers) worker.pause()
    evidence.touched = (evidence.touched ?? 0) + moved.length
    evidence.jobsHeld = (evidence.jobsHeld ?? 0) + jobs
    return {
      [Symbol.dispose]() {
        for (const worker of workers) worker.resume()
      },
    }
  },
})
