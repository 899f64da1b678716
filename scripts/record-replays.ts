// Records what the briefs of the bundled scenarios do, seed by seed: `node scripts/record-replays.ts`, then read the diff.
// A digest is promised per major version of Node, so records of other majors stay as they are.
import { readFileSync, writeFileSync } from 'node:fs'
import { recordings } from '../test/replays/recordings.ts'

const file = new URL('../test/replays/recorded.json', import.meta.url)
const known = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
const [major = ''] = process.versions.node.split('.')
const all = { ...known, [major]: await recordings() }
writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`)
console.log(`${Object.keys(all[major] as object).length} replays recorded for Node ${major}`)
