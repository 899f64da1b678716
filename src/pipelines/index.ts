// The bundled pipelines: one line each.
export { inference } from './inference/index.ts'
export { process } from './process/index.ts'
