// The bundled pipelines: one line each.
export { inference } from './inference/index.ts'
