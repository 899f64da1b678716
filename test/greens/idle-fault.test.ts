// A fault that is counted as there, and changed nothing.
import { expect, test } from 'vitest'
import { end, SMALL, told } from './green.ts'

test('a fault that changes nothing makes no run green', async () => {
  const { code, runs } = await end(`${SMALL}
thresholds: {item_lost: [rate<0.01]}
variants:
  capacity-nobody-misses: {faults: [{kind: capacity, service: service-*, factor: 0.5}]}
  capacity-as-before: {faults: [{kind: capacity, service: service-*, factor: 1}]}
  no-delay: {faults: [{kind: latency, to: service-*, replace: 1ms}]}
  overruled: {faults: [{kind: latency, route: heartbeat, add: 1s, probability: 0.5, name: slow}, {kind: hang, route: heartbeat, for: 40s, mayMiss: true}, {kind: status, status: 500, route: heartbeat, for: 40s, name: beaten}]}
  down-already: {faults: [{kind: host.crash, host: sink, at: 1m, for: 2m}, {kind: host.crash, host: sink, at: 90s, for: 30s, name: again}]}
  deletes-what-is-gone: {faults: [{kind: object.delete, after: put, name: gone, key: "人数统计/cam1/00000599.jpg", mayMiss: true}, {kind: object.delete, before: head}]}
  enough: {faults: [{kind: capacity, service: service-*, factor: 0.0625}]}
`)
  const idle = (name: string) => ['inconclusive', `fault ${name} touched nothing`]
  expect(code).toBe(111)
  expect(told(runs)).toEqual({
    'capacity-nobody-misses': idle('capacity'),
    'capacity-as-before': idle('capacity'),
    'no-delay': idle('latency'),
    overruled: idle('beaten'),
    'down-already': idle('again'),
    'deletes-what-is-gone': idle('object.delete'),
    enough: ['pass'],
  })
})
