// The reporters: one line each.
export { console } from './console.ts'
export { json } from './json.ts'
