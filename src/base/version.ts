// The program's version, as its package says.
import { readFileSync } from 'node:fs'

/** From src/base in a checkout, from dist/src/base when built. */
const CANDIDATES = ['../../package.json', '../../../package.json']

function readVersion(): string {
  for (const candidate of CANDIDATES) {
    try {
      const { name, version } = JSON.parse(
        readFileSync(new URL(candidate, import.meta.url), 'utf8'),
      ) as Record<string, string>
      if (name === 'aftershock' && version !== undefined) return version
    } catch {
      // The other place, then.
    }
  }
  return '0.0.0'
}

export const VERSION = readVersion()
