// What each way of breaking a connection, or the host behind it, looks like from outside, one variant each.
//
// Asserted: which class of failure each leaves behind, on which route, and whether images are lost or only late. A
// refused or reset call is tried twice more within 6 s, so half the calls refused cost an eighth of the images; a reply
// that is lost looks to its caller like a hang; a service that dies takes its third of the images until the registry
// notices, 20 s to 30 s after its last heartbeat; heartbeats that come 40 s late are as good as none, and what an id that
// is no longer known sends is ignored. Latency and a service without slots lose nothing.
//
// No incident: it is what both worlds are compared by, fault for fault.
import { defineScenario } from 'aftershock'

const during = { at: '20s', for: '1m' } as const
const onHalf = { ...during, route: 'infer', probability: 0.5 } as const
const lost = { expect: { breach: ['item_lost'] } } as const
const late = { expect: { breach: ['item_duration'] } } as const

export default defineScenario({
  name: 'broken-wire',
  incident: 'none: what refused, reset, lost and slow calls look like, and hosts that die',
  symptoms: ['read: connection reset by peer', 'unexpected EOF', 'ECONNRESET', '连接被重置'],
  start: '2025-11-12T03:37:41+08:00',
  pipeline: {
    kind: 'inference',
    services: 3,
    heartbeat: { every: '10s', timeout: '20s', spread: '5s', sweep: '10s' },
    call: { timeout: '5s' },
  },
  load: { kind: 'arrivals', rate: '12/s', for: '2m' },
  thresholds: { item_lost: ['rate<0.01'], item_duration: ['p(99)<5s'] },
  brief: { load: { rate: '4/s' } },
  variants: {
    refused: {
      about: 'Half the calls of a minute are refused',
      faults: [{ kind: 'refuse', ...onHalf }],
      fingerprint: {
        'item_failed{stage:infer,class:refused}': ['rate>0.03'],
        'attempts{route:infer,class:refused,phase:fault}': ['rate>0.4', 'rate<0.6'],
      },
      expect: { breach: ['item_lost', 'item_duration'] },
    },
    resetBefore: {
      about: 'Half the calls of a minute are reset before they arrive',
      faults: [{ kind: 'reset', ...onHalf }],
      fingerprint: {
        'item_failed{stage:infer,class:reset}': ['rate>0.03'],
        'attempts{route:infer,class:reset,phase:fault}': ['rate>0.4', 'rate<0.6'],
      },
      expect: { breach: ['item_lost', 'item_duration'] },
    },
    resetAfter: {
      about: 'Half the downloads of a minute are reset while they are answered',
      faults: [{ kind: 'reset', lost: 'reply', ...onHalf, route: 'fetch' }],
      fingerprint: {
        'attempts{route:fetch,class:reset,phase:fault}': ['rate>0.4', 'rate<0.6'],
        item_lost: ['rate>0.03'],
      },
      expect: { breach: ['item_lost', 'item_duration'] },
    },
    repliesLost: {
      about: 'Half the answers of a minute never come: the work is done, the image is not counted',
      faults: [{ kind: 'lost-replies', ...onHalf }],
      fingerprint: {
        'attempts{route:infer,class:read-timeout,phase:fault}': ['rate>0.4', 'rate<0.6'],
      },
      expect: { breach: ['item_lost', 'item_duration'] },
    },
    slow: {
      about: 'Every download of a minute takes 3 s longer, an answer twice that: nothing is lost',
      faults: [{ kind: 'latency', ...during, route: 'fetch', add: '3s' }],
      thresholds: { item_lost: ['rate<0.01'], item_duration: ['p(95)<3s'] },
      fingerprint: { 'attempt_duration{route:fetch,phase:fault}': ['min>=3000'] },
      ...late,
    },
    noSlots: {
      about:
        'One of three services lets nobody in for 20 s; what waits there is late, or tried again',
      pipeline: { call: { timeout: '60s' } },
      faults: [{ kind: 'capacity', service: 'service-7901', factor: 0, at: '30s', for: '20s' }],
      fingerprint: { 'part_queue{part:service-7901}': ['max>10'] },
      ...late,
    },
    serviceDies: {
      about: 'One of three services dies for 40 s: its third is lost until the registry notices',
      // As quick as each other, they take turns evenly: the share of one is a third, and not what its luck was.
      pipeline: { service: { inference: '200ms' } },
      faults: [{ kind: 'host.crash', host: 'service-7901', at: '42s', for: '40s' }],
      fingerprint: {
        'attempts{route:infer,class:refused}': ['count>30'],
        'services_registered{phase:fault}': ['min==2'],
      },
      ...lost,
    },
    heartbeatsLate: {
      about: 'Heartbeats of a minute come 40 s late: all services are gone, and stay so',
      faults: [{ kind: 'heartbeat.delay', services: 'all', by: '40s', ...during }],
      fingerprint: {
        'services_registered{phase:fault}': ['min==0'],
        'item_discarded{stage:dispatch,class:no-service}': ['rate>0.3'],
      },
      ...lost,
    },
  },
})
