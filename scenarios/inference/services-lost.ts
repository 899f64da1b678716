// Seed 003, 2025-11-12, by its own evidence: which of five causes leaves what the report saw?
//
// Three facts of the report, each as it was between the last inference (04:07:41.328) and 07:59:36: no scan line was
// written (the last one is 0.3 s older than the last inference, and a scanner that finds images writes one a second),
// the registry held 0 services, and no request went to a service. The fingerprint is these facts, from 5 minutes after
// the fault on: however slowly a cause gets there, it is judged by what it leaves.
//
// Asserted: lost heartbeats (the report's own explanation), paused services and a forward step of the analyser's clock
// each empty the registry, but the scanner goes on finding images; without frames there are no scan lines, but all 12
// services stay registered; only an analyser that is cut off from both the store and its services meets all three.
//
// What the report missed: that its own log refutes it. "Images go on being scanned, queued and deleted" is what the
// code would do; the log has no line of it. Nor need the services have been at fault, or slow: "context canceled" is
// the caller's own doing.
import { defineScenario } from 'aftershock'

const noScanLines = 'log_lines{line:scan found new images,window:silence}'
const noServices = 'services_registered{window:silence}'
const noRequests = 'attempts{route:infer,window:silence}'

export default defineScenario({
  name: 'services-lost',
  incident: 'seed 003, 2025-11-12: five candidates for one silence of 3 h 52 min',
  symptoms: [
    'service will be removed by heartbeat timeout if truly offline',
    'no algorithm for task type, deleting image',
    'list object error',
    'scan minio failed',
    'context canceled',
    '推理停止',
    '没有可用服务',
    '没有可用的算法服务',
    '服务数量为 0',
  ],
  // Ten minutes before the last inference.
  start: '2025-11-12T03:57:41+08:00',
  pipeline: {
    kind: 'inference',
    services: 12,
    heartbeat: { every: '30s', timeout: '60s' },
    queue: { max: 5000 },
  },
  load: { kind: 'arrivals', rate: '12/s', for: '4h1m55s' },
  warmup: '2m',
  // Until the report was written.
  windows: { silence: { at: '15m', for: '3h46m55s' } },
  fingerprint: {
    [noScanLines]: ['count==0'],
    [noServices]: ['max==0'],
    [noRequests]: ['count==0'],
  },
  thresholds: { item_lost: ['rate<0.01'] },
  brief: {
    pipeline: { queue: { max: 40 }, retention: 70 },
    load: { rate: '4/s', for: '7m' },
    warmup: '30s',
    windows: { silence: { at: '5m50s', for: '70s' } },
  },
  variants: {
    heartbeatsLost: {
      about: "The report's own explanation: heartbeats of all 12 services are lost",
      faults: [{ kind: 'heartbeat.loss', services: 'all', at: '10m' }],
      expect: { breach: ['item_lost'], fingerprint: 'missed' },
      brief: { faults: [{ kind: 'heartbeat.loss', services: 'all', at: '50s' }] },
    },
    servicesPaused: {
      about: 'All 12 services stand still',
      faults: [{ kind: 'host.pause', host: 'service-*', at: '10m' }],
      expect: { breach: ['item_lost'], fingerprint: 'missed' },
      brief: { faults: [{ kind: 'host.pause', host: 'service-*', at: '50s' }] },
    },
    clockStep: {
      about:
        "The analyser's clock steps 61 s ahead, 15 s before a sweep, services started together",
      pipeline: { heartbeat: { spread: '3s' } },
      faults: [{ kind: 'clock.skew', host: 'analyser', jump: '61s', at: '9m45s' }],
      expect: { breach: ['item_lost'], fingerprint: 'missed' },
      brief: { faults: [{ kind: 'clock.skew', host: 'analyser', jump: '61s', at: '45s' }] },
    },
    framesStopped: {
      about: 'The cameras send no frames any more: nothing is lost, for there is nothing to lose',
      faults: [{ kind: 'load.stop', at: '10m' }],
      expect: { fingerprint: 'missed' },
      brief: { faults: [{ kind: 'load.stop', at: '50s' }] },
    },
    partition: {
      about: 'The analyser is cut off from the store and from all services',
      faults: [
        { kind: 'partition', between: 'analyser', and: ['objects', 'service-*'], at: '10m' },
      ],
      expect: { breach: ['item_lost'] },
      // Its queue holds what comes at once as the wire heals, as the whole's does: how much of that a smaller one
      // drops is the disk's doing.
      brief: {
        pipeline: { queue: { max: 130 }, retention: 150 },
        faults: [
          { kind: 'partition', between: 'analyser', and: ['objects', 'service-*'], at: '50s' },
        ],
      },
    },
  },
})
