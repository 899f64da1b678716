// On a terminal: colours unless they are unwanted, and a line of progress for what takes longer than a second.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Folder, RIGHT } from '../scenario/reading.ts'
import { PROGRAM } from './aftershock.ts'

/** Gives a program a terminal of its own; what it writes there, on both streams. */
const SCRIPT = '/usr/bin/script'
const COLOUR = '\u001b[1m'
const ERASE = '\r\u001b[2K'

async function onTerminal(
  cwd: string,
  args: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const command = `stty cols 60; ${process.execPath} ${PROGRAM} ${args}`
  const surroundings = { cwd, env: { PATH: process.env.PATH, TERM: 'xterm-256color', ...env } }
  const { stdout } = await promisify(execFile)(
    SCRIPT,
    ['-qec', command, '/dev/null'],
    surroundings,
  ).catch((error: { stdout: string }) => error)
  return stdout
}

describe.runIf(existsSync(SCRIPT))('a terminal', () => {
  test.each<[what: string, args: string, env: Record<string, string>, coloured: boolean]>([
    ['is coloured', 'run x.yaml', {}, true],
    ['is coloured where NO_COLOR is empty', 'run x.yaml', { NO_COLOR: '' }, true],
    ['is plain under NO_COLOR', 'run x.yaml', { NO_COLOR: '1' }, false],
    ['is plain with --no-color', 'run x.yaml --no-color', {}, false],
  ])('%s', async (_, args, env, coloured) => {
    using folder = new Folder({ 'x.yaml': RIGHT })
    const shown = await onTerminal(folder.path, args, env)
    expect(shown).toContain('reproduce: aftershock run x.yaml --seed 1')
    expect(shown.includes(COLOUR)).toBe(coloured)
    expect(shown).not.toContain(ERASE)
  })

  const LONG = RIGHT.replace('1/s, for: 1m', '20/s, for: 2d')

  test('shows how far a long run has come, and takes that back', async () => {
    using folder = new Folder({ 'x.yaml': `${LONG}variants: {a-variant-of-some-length: {}}\n` })
    const shown = await onTerminal(folder.path, 'run x.yaml --timeout 2500ms --no-color')
    const [before = '', ...lines] = shown.split(ERASE)
    const report = lines.pop() ?? ''
    expect(before).toBe('')
    expect(lines[0]).toMatch(/^█*░+ \d+ % {2}x · a-variant-of-some-length…$/)
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(60)
    expect(report.trimStart().split('\n')[0]?.trim()).toBe('x')
  })

  test('shows nothing with --quiet', async () => {
    using folder = new Folder({ 'x.yaml': LONG })
    expect(await onTerminal(folder.path, 'run x.yaml --timeout 1500ms --quiet')).toBe('')
  })
})
