// Writes scenarios/schema.json, the JSON Schema of scenario files: `npm run schema`.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { scenarioJsonSchema } from '../src/scenario/json-schema.ts'

const file = fileURLToPath(new URL('../scenarios/schema.json', import.meta.url))
writeFileSync(file, `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`)
execFileSync('biome', ['format', '--write', file], { stdio: 'inherit' })
