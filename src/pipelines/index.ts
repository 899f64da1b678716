// The bundled pipelines: one line each.
export { generation } from './generation/index.ts'
export { inference } from './inference/index.ts'
export { process } from './process/index.ts'
