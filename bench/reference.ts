// How fast is this machine now? A bare heap, plain callbacks: 2 M events, 1,000 pending. Prints milliseconds, best of three.
import { BareHeap } from './bare-heap.ts'

const EVENTS = 2_000_000
const PENDING = 1_000

function once(): number {
  let seed = 1
  const draw = () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    return seed / 2 ** 32
  }
  const heap = new BareHeap()
  let left = EVENTS
  const fire = () => {
    if (left-- > PENDING) heap.push(heap.nowUs + draw(), fire)
  }
  for (let i = 0; i < PENDING; i++) heap.push(draw(), fire)
  const started = process.hrtime.bigint()
  heap.run()
  return Number(process.hrtime.bigint() - started) / 1e6
}

console.log(Math.min(once(), once(), once()))
