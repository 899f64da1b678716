// The reporters: one line each.
export { annotations } from './annotations.ts'
export { console } from './console.ts'
export { html } from './html/index.ts'
export { json } from './json.ts'
export { junit } from './junit.ts'
export { markdown } from './markdown.ts'
