// Where the bundled scenarios lie: beside the program, in a checkout or installed.
import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** From src/cli in a checkout, from dist/src/cli when built. */
const CANDIDATES = ['../../../scenarios/', '../../scenarios/']
/** The three production incidents that are replayed when nothing is named. */
const INCIDENTS = [
  'presign-clock-skew',
  'deleted-before-fetch',
  'deleted-while-queued',
  'heartbeat-loss',
]

export function scenarioFolder(): string {
  const found = CANDIDATES.map((c) => fileURLToPath(new URL(c, import.meta.url))).find((f) =>
    existsSync(join(f, 'schema.json')),
  )
  return found ?? fileURLToPath(new URL(CANDIDATES[0] as string, import.meta.url))
}

export async function bundled(): Promise<string[]> {
  return INCIDENTS.map((name) => nameOf(join(scenarioFolder(), 'inference', `${name}.ts`)))
}

export async function everyScenario(): Promise<string[]> {
  const entries = await readdir(scenarioFolder(), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.(m?ts|ya?ml)$/.test(entry.name))
    .map((entry) => nameOf(join(entry.parentPath, entry.name)))
    .sort()
}

/** As one would type it from here. */
function nameOf(file: string): string {
  const near = relative(process.cwd(), file)
  return near.startsWith('..') ? file : near
}
