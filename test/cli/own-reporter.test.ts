// A reporter of the user's own, named by its path beside the bundled ones.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Folder } from '../scenario/reading.ts'
import { aftershock } from './aftershock.ts'

const MINE = `
import { defineReporter, type Summary } from 'aftershock'
export default defineReporter({
  kind: 'mine',
  help: 'a line a run',
  render: ({ runs }: Summary, { color }) =>
    runs.map((run) => run.variant + ' ' + run.items.offered + ' ' + color).join('\\n') + '\\n',
})`
const SCENARIO = `
pipeline: {kind: inference, services: 2}
load: {kind: arrivals, rate: 1/s, for: 10s}
thresholds: {item_lost: [rate<0.5]}
variants: {one: {}, two: {}}
`

const run = (folder: Folder, reporter: string) =>
  aftershock(['run', 'x.yaml', '--no-out-dir', '--reporter', reporter], { cwd: folder.path })

test('writes to its file, and to the terminal', async () => {
  using folder = new Folder({ 'x.yaml': SCENARIO, 'mine.ts': MINE })
  const { code, stdout, stderr } = await run(folder, './mine.ts,./mine.ts=out.txt')
  expect({ code, stdout, stderr }).toEqual({
    code: 0,
    stdout: 'one 10 false\ntwo 10 false\n',
    stderr: '',
  })
  expect(readFileSync(join(folder.path, 'out.txt'), 'utf8')).toBe(stdout)
})

test.each([
  ['./none.ts', '', 104, "--reporter: there is no file './none.ts'"],
  [
    './mine.ts',
    'export const x = 1',
    104,
    './mine.ts: no default export; write export default defineReporter({ … })',
  ],
  ['./mine.ts', 'export default { kind: 1 }', 104, 'it has no `render`, a function'],
  ['./mine.ts', 'export default {', 104, 'mine.ts'],
  ['./mine.ts', "export default { render() { throw new Error('no') } }", 107, 'render threw: no'],
  ['./mine.ts', 'export default { render: () => 7 }', 107, 'it gave number, not a text'],
])('%s %s', async (path, text, code, message) => {
  using folder = new Folder({ 'x.yaml': SCENARIO, 'mine.ts': text })
  const ended = await run(folder, path)
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(message)])
})
