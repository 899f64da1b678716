// The load models: one line each.
export { arrivals } from './arrivals.ts'
export { closed } from './closed.ts'
export { ramp } from './ramp.ts'
export { saturate } from './saturate.ts'
export { trace } from './trace.ts'
