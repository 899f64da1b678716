// Heartbeats leave their services and never arrive.
import { z } from 'zod'
import { pass } from '../worlds/world.ts'
import { defineFault, timing } from './fault.ts'
import {
  concerning,
  heartbeats,
  isAmong,
  nameServices,
  often,
  selection,
  services,
  serviceTargets,
} from './often.ts'

const options = z.strictObject({
  kind: z.literal('heartbeat.loss'),
  ...timing,
  services,
  route: z.string().min(1).default('heartbeat'),
  probability: selection.probability,
  nth: selection.nth,
})

export const heartbeatLoss = defineFault({
  kind: 'heartbeat.loss',
  help: 'heartbeats of some or all services never arrive',
  options,
  describe: (o) => `heartbeats of ${nameServices(o.services)} lost`,
  targets: (o) => ({ routes: [o.route], hosts: serviceTargets(o.services) }),
  meets: heartbeats,
  rule(o, random) {
    const isAffected = isAmong(o.services)
    const inner = often({ probability: o.probability, nth: o.nth }, random, 'request', () => ({
      do: 'hang',
    }))
    return concerning(
      ({ route }) => route === o.route,
      (call, at) => (call.route === o.route && isAffected(call) ? inner(call, at) : pass),
    )
  },
})
