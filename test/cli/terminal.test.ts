// On a terminal: colours unless they are unwanted, and a line of progress for what takes longer than a second.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { promisify, stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { Folder, RIGHT } from '../scenario/reading.ts'
import { PROGRAM } from './aftershock.ts'

/** Gives a program a terminal of its own; what it writes there, on both streams. */
const SCRIPT = '/usr/bin/script'
const COLOUR = '\u001b[1m'
const ERASE = '\u001b[2K'

async function onTerminal(
  cwd: string,
  args: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const command = `stty cols 60 rows 24; ${process.execPath} ${PROGRAM} ${args}`
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

  test('shows a screen while a long run goes on, and takes it away', {
    timeout: 40_000,
  }, async () => {
    using folder = new Folder({ 'x.yaml': LONG })
    const shown = await onTerminal(folder.path, 'run x.yaml --timeout 10s --no-color')
    const [last = ''] = shown.split('x.yaml · virtual world').slice(0, 1)
    expect(shown).toContain('x · default · seed 1')
    expect(shown).toContain('q stops, and reports what was measured')
    // It has the terminal's second screen to itself, and leaves it before the report.
    expect(last.split('\u001b[?1049h')).toHaveLength(2)
    expect(last.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(last.lastIndexOf('q stops'))
    // Each frame is erased before the next, the last one before the report.
    expect(last.lastIndexOf('\u001b[2K')).toBeGreaterThan(last.lastIndexOf('q stops'))
    expect(stripVTControlCharacters(shown).trimEnd().split('\n').at(-1)).toBe(
      'reproduce: aftershock run x.yaml --seed 1',
    )
  })

  test('shows nothing with --quiet', async () => {
    using folder = new Folder({ 'x.yaml': LONG })
    expect(await onTerminal(folder.path, 'run x.yaml --timeout 1500ms --quiet')).toBe('')
  })
})
