// What a worker thread starts with: its own compile cache, which no thread inherits, before what is worth caching.
import module from 'node:module'

module.enableCompileCache()
await import('./carrier.ts')
