// A program of its own: removes the containers that carry a label, for a process that cannot wait for it.
import { docker } from './docker.ts'

const [, , label] = process.argv
await docker.remove(label ?? '')
process.exit(0)
