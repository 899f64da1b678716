// Scenarios that fuzzing found to go wrong, each in a file that says what it was: judged again by every check there is.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { Oracle } from '../fuzz/oracle.ts'

const folder = new URL('./fuzzed/', import.meta.url)
const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'))
const oracle = new Oracle()
afterAll(() => oracle[Symbol.dispose]())

test.each(names)('%s', { timeout: 60_000 }, async (name) => {
  const text = readFileSync(new URL(name, folder), 'utf8')
  const seed = /^# Seed (\d+): \S.*\.$/m.exec(text)?.[1]
  expect(seed, 'the first line says what went wrong, and with which seed').toBeDefined()
  const one = { name: 'x.yaml', files: { 'x.yaml': text }, seed: Number(seed), isSound: false }
  const { faults, outcome } = await oracle.judge(one, 'every check')
  expect(faults).toEqual([])
  expect(outcome).not.toBe('too large')
})
