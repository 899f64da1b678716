// calibration draft
import { defineScenario } from 'aftershock'

export default defineScenario({
  name: 'afternoon',
  start: '2025-08-16T13:29:00+08:00',
  pipeline: {
    kind: 'generation',
    workers: 10,
    slots: 24,
    attempts: { task: 1, detect: 3, textToImage: 3, removal: 2, callback: 8 },
    vision: { errors: 0.02 },
    seedream: {
      time: { mean: '11s', p99: '24s' },
      concurrency: 160,
      bears: 100,
      exponent: 1,
      sheds: 0.35,
      errors: 0.084,
      moderation: 0.0027,
    },
    segmentation: { time: { mean: '6s', p99: '24s' }, concurrency: 200, bears: 60, exponent: 1 },
    frontEnd: {
      time: { mean: '2s', p99: '8s' },
      concurrency: 20,
      bears: 20,
      sheds: 0.3,
      asksAgain: { times: 0 },
    },
  },
  load: { kind: 'arrivals', rate: '4.746/s', for: '2h53m', process: 'poisson' },
  faults: [
    {
      kind: 'upstream.degrade',
      name: 'first-wave',
      service: 'seedream',
      stages: [{ for: '30s', work: 3, capacity: 0.5 }, { for: '5m' }, { for: '30s', work: 1, capacity: 1 }],
      at: '12m',
      for: '6m',
    },
    {
      kind: 'upstream.degrade',
      name: 'text-to-image',
      service: 'seedream',
      stages: [
        { for: '30s', work: 3, capacity: 0.05 },
        { for: '30s', work: 3, capacity: 0.05 },
        { for: '1m', work: 3, capacity: 0.4 },
        { for: '5m' },
        { for: '1m', work: 1, capacity: 1 },
      ],
      at: '18m',
      for: '8m',
    },
    {
      kind: 'upstream.degrade',
      name: 'removal',
      service: 'segmentation',
      stages: [{ for: '1m', work: 3 }, { for: '28m' }, { for: '1m', work: 1 }],
      at: '61m',
      for: '30m',
    },
    {
      kind: 'upstream.degrade',
      name: 'callback',
      service: 'front-end',
      stages: [{ for: '1m', work: 3 }, { for: '13m' }, { for: '1m', work: 1 }],
      at: '136m',
      for: '15m',
    },
  ],
  thresholds: { item_lost: ['rate<0.05'] },
  variants: { baseline: { expect: { breach: ['item_lost'] } } },
})
