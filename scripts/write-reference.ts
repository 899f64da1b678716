// Writes docs/reference.md: `npm run reference`.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { referenceText } from './reference.ts'

writeFileSync(fileURLToPath(new URL('../docs/reference.md', import.meta.url)), referenceText())
