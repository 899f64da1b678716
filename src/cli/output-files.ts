// What processes of somebody else's wrote, beside a run's reports: `output/<variant>-seed<n>-<host>.log`.
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import { redact } from '../base/redact.ts'
import type { RunResult } from '../run/result.ts'

const FOLDER = 'output'

/** Those of the real world's runs, secrets taken out as everywhere. Throws where nothing can be written; what has gone meanwhile is left out. */
export async function copyOutputs(runs: readonly RunResult[], folder: string): Promise<void> {
  const outputs = runs.flatMap(({ variant, seed, environment }) =>
    (environment?.outputs ?? []).map(({ host, file }) => ({
      file,
      name: `${safe(variant)}-seed${seed}-${safe(host)}.log`,
    })),
  )
  if (outputs.length === 0) return
  const into = resolve(folder, FOLDER)
  await mkdir(into, { recursive: true })
  for (const { file, name } of outputs.filter((output) => existsSync(output.file)))
    await pipeline(
      createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY }),
      withoutSecrets,
      createWriteStream(join(into, name)),
    )
}

async function* withoutSecrets(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) yield `${redact(line)}\n`
}

/** A variant may be called anything; a file is not. */
function safe(name: string): string {
  return name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 60)
}
