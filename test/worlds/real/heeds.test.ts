// Whose clock can be skewed from outside, told by the program before it runs.
import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { whyUnheeding } from '../../../src/worlds/real/skew/heeds.ts'
import { Folder } from '../../scenario/reading.ts'
import { elf, GO } from './elf.ts'

const STATIC = 'it is linked statically, and loads no library'
const IN_GO = 'it is written in Go, which asks the kernel for the time'
const HERE = process.execPath

test
  .runIf(process.platform === 'linux')
  .each<readonly [string, string | Buffer, string | undefined]>([
    ['Node itself', `#!${HERE}\n`, undefined],
    ['a static program', elf([1], ['.text']), STATIC],
    ['a program that is linked', elf([1, 3], ['.text']), undefined],
    ['a Go program', GO, IN_GO],
    ['a Go program that uses C', elf([1, 3], ['.text', '.note.go.buildid']), IN_GO],
    ['a script of a Go program', '#!HERE/go-program --run\n', IN_GO],
    ['a script by env', '#!/usr/bin/env -S go-program x\n', IN_GO],
    ['a script of a script', '#!HERE/script\n', IN_GO],
    ['a script of nobody', '#!/nowhere/at/all\n', undefined],
    ['no program at all', 'text', undefined],
    ['an empty file', '', undefined],
    ['half a head', elf([1], ['.text']).subarray(0, 20), undefined],
  ])('%s', (_name, content, why) => {
  using folder = new Folder()
  const text = typeof content === 'string' ? content.replace('HERE', folder.path) : content
  const script = `#!${join(folder.path, 'go-program')}\n`
  folder.add({ program: text, 'go-program': GO, script })
  for (const name of ['program', 'go-program', 'script']) chmodSync(join(folder.path, name), 0o755)
  const path = `/nowhere:${folder.path}`
  expect(whyUnheeding('./program', folder.path, path)).toBe(why)
  expect(whyUnheeding('program', '/', path)).toBe(why)
})
