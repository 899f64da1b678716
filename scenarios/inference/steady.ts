// No incident: the pipeline as it is on a good day. What fails here is a fault of the harness, not of the pipeline.
//
// Asserted: nothing is lost, every service stays registered, and an image takes about a scan and an inference.
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'steady',
  incident: 'none: a good day',
  symptoms: [],
  pipeline: { kind: 'inference' },
  load: { kind: 'arrivals', rate: '4/s', for: '1h', process: 'poisson' },
  warmup: '2m',
  thresholds: {
    item_lost: ['count==0'],
    item_duration: ['p(95)<2s'],
    services_registered: ['min==12'],
    queue_depth: ['max<200'],
  },
  alerts: [
    { alert: 'NoAlgorithmService', expr: 'services_registered == 0', for: '1m', expect: 'never' },
  ],
  brief: { pipeline: { retention: 80 }, load: { for: '5m' }, warmup: '30s' },
})
