// Workers die in the middle of their jobs, and stay down until healed.
import { z } from 'zod'
import { glob } from '../base/fields.ts'
import { takeDown } from './down.ts'
import { defineFault, timing } from './fault.ts'
import { busyWorkers } from './workers.ts'

const options = z.strictObject({
  kind: z.literal('worker.crash'),
  ...timing,
  worker: glob.default('worker-*').meta({ description: 'Of these, those that have jobs in hand' }),
})

export const workerCrash = defineFault({
  kind: 'worker.crash',
  help: 'workers that have jobs in hand die, as by the OOM killer; down until healed',
  options,
  needsHosts: true,
  hands: ['host'],
  describe: (o) => `${o.worker} killed in mid-job`,
  targets: (o) => ({ hosts: [o.worker] }),
  hold(o, hands, evidence) {
    const { workers, jobs } = busyWorkers(hands, o.worker)
    const held = takeDown(workers, evidence)
    evidence.jobsCut = (evidence.jobsCut ?? 0) + jobs
    return held
  },
})
