// What is written for users is true: the reference is what the code says, the README's commands and files are there.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { referenceText } from '../scripts/reference.ts'
import { aftershock } from './cli/aftershock.ts'
import { Folder } from './scenario/reading.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')
const READMES = ['README.md', 'README.zh-CN.md'] as const

test('the reference is what the code says: npm run reference', () => {
  expect(read('docs/reference.md')).toBe(referenceText())
})

test('what the README shows of a run is what it prints', async () => {
  const [, shown = ''] = /```\n\$ npm start -- (run .*?)```/s.exec(read('README.md')) ?? []
  const [command = '', ...lines] = shown.trimEnd().split('\n')
  const { stdout } = await aftershock([...command.split(' '), '--no-out-dir'])
  // How long it took is another matter.
  const timeless = (line: string) => line.replace(/ +\S+ in [\d.]+s$/, '').trimEnd()
  const printed = stdout.split('\n').map(timeless)
  const told = lines.map(timeless).filter((line) => line.trim() !== '…')
  expect(told.filter((line) => !printed.includes(line))).toEqual([])
  expect(told.length).toBeGreaterThan(10)
})

describe.each(READMES)('%s', (file) => {
  const text = read(file)

  test('links to files that are there', () => {
    const links = [...text.matchAll(/\]\(([^)#]+)[^)]*\)|src="([^"]+)"/g)].map(
      ([, link, image]) => link ?? image ?? '',
    )
    expect(links.filter((link) => !link.includes('://') && !existsSync(join(ROOT, link)))).toEqual(
      [],
    )
    expect(links.length).toBeGreaterThan(3)
  })

  test('names every bundled scenario', () => {
    const names = readdirSync(join(ROOT, 'scenarios'), {
      recursive: true,
      encoding: 'utf8',
    }).flatMap((path) => /([\w-]+)\.ts$/.exec(path)?.[1] ?? [])
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([])
  })

  test('its first scenario is red for the reason that it says', async () => {
    const [, yaml = ''] = /```yaml\n(# slow\.yaml\n.*?)```/s.exec(text) ?? []
    using folder = new Folder({ 'slow.yaml': yaml })
    const { code, stdout } = await aftershock(['run', 'slow.yaml'], { cwd: folder.path })
    expect(code).toBe(99)
    expect(stdout).toContain('FAIL: item_duration p(95)<10s: breached')
    expect(text).toContain('item_duration p(95)<10s')
  })

  test('its first fix holds, and its baseline reproduces', async () => {
    const [scenario = '', fix = ''] = Array.from(
      text.matchAll(/```yaml\n((?:# slow\.yaml|variants:)\n.*?)```/gs),
      ([, yaml = '']) => yaml,
    )
    using folder = new Folder({ 'slow.yaml': scenario + fix })
    const { code, stdout } = await aftershock(['run', 'slow.yaml'], { cwd: folder.path })
    expect(code).toBe(0)
    expect(stdout).toContain('reproduced: breaches item_duration')
    expect(stdout).toContain('holds: shortTimeout')
  })
})
