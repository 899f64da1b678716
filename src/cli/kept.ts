// `--keep`: what stays up after the runs, how it is reached, which bucket is of which run, and what ends it.
import { columns } from '../reporters/text.ts'
import type { Kept } from '../run/real-executor.ts'
import { accessLines } from './store-up.ts'

/** On standard error: standard output may be a report that a program reads. */
export function tellKept({ store, buckets }: Kept): void {
  const lines = store.endsWithUs
    ? [
        '',
        'nothing stays up: the object store was embedded in this process; take another --objects',
      ]
    : [
        '',
        `left up: object store, ${store.describe}`,
        ...indented(accessLines(store)),
        ...indented(columns(buckets.map(({ bucket, run }) => ['bucket', bucket, run]))),
        ...ending(store.keep()),
      ]
  process.stderr.write(`${lines.join('\n')}\n`)
}

function ending(commands: readonly string[]): string[] {
  return commands.length === 0 ? [] : ['to end it:', ...indented(commands)]
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}
