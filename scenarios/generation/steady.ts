// A good day for the generation pipeline: nothing may be lost, and everybody is told.
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'generation-steady',
  incident: 'none: a good day',
  start: '2025-08-16T10:00:00+08:00',
  pipeline: { kind: 'generation' },
  load: { kind: 'arrivals', rate: '4.7/s', for: '30m', process: 'poisson' },
  warmup: '2m',
  thresholds: {
    item_lost: ['rate<=0'],
    item_duration: ['p(95)<60s'],
  },
  brief: { load: { rate: '3/s', for: '3m' }, warmup: '30s' },
})
