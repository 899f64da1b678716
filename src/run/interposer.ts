// Where the thread of the interposers starts: joins the real world, the faults and the mocks, from a resolved scenario.
import { parentPort, workerData } from 'node:worker_threads'
import { must } from '../base/assert.ts'
import { Random } from '../base/random.ts'
import { withOwnKinds } from '../scenario/own-kinds.ts'
import type { Resolved } from '../scenario/schema.ts'
import { interpose } from '../worlds/real/interposing.ts'
import type { WorkerSetup } from '../worlds/real/protocol.ts'
import { resign } from '../worlds/real/resign.ts'
import { planOf } from './plan.ts'
import { inject } from './timeline.ts'

const setup = workerData as WorkerSetup
const { pipeline, hosts, faults } = planOf(await withOwnKinds(setup.scenario as Resolved))
const random = new Random(setup.seed)

await interpose(must(parentPort, 'started as a worker thread'), setup, {
  routes: pipeline.routes,
  itemOf: (key) => pipeline.itemOf(key),
  upstreams: hosts.filter((host) => host.isUpstream === true),
  resign,
  faults: faults.length,
  inject(fault, hands, addRule, evidence) {
    const planned = must(faults[fault], 'faults are numbered as they stand in the scenario')
    return inject(planned, { hands, random, addRule }, evidence)
  },
})
