// What is quoted of a process' output: the lines that name an item that went wrong, and the last ones of one that ended.
import { expect, test } from 'vitest'
import { saidOf } from '../../src/run/said.ts'
import { Folder } from '../scenario/reading.ts'

const LOG = `\
starting
task 00000000-0000-4000-8000-000000000000 received
task 00000007-0000-4000-8000-000000000000 received
try 1 of 00000007
\x1b[31mtry 2 of 00000007\x1b[0m
try 3 of 00000007

trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 gave up
`
const quoted = (...examples: Parameters<typeof saidOf>[1]) => {
  using folder = new Folder({ 'w.log': LOG })
  return saidOf([{ host: 'worker', file: `${folder.path}/w.log` }], examples)
}

test('the last three lines about an item, without colours', () => {
  expect(quoted({ item: '00000007' })).toEqual([
    {
      host: 'worker',
      item: '00000007',
      lines: ['try 1 of 00000007', 'try 2 of 00000007', 'try 3 of 00000007'],
    },
  ])
})

test('a number that is part of a longer one names no item', () => {
  expect(quoted({ item: '00000000' })).toEqual([
    {
      host: 'worker',
      item: '00000000',
      lines: ['task 00000000-0000-4000-8000-000000000000 received'],
    },
  ])
})

test('an item is named by its trace as well', () => {
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-70d8332afc3aa945-01'
  expect(quoted({ item: '00000009', traceparent })[0]?.lines).toEqual([
    'trace 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 gave up',
  ])
})

test('of one that ended by itself the last lines', () => {
  using folder = new Folder({ 'w.log': `${'x'.repeat(300)} no such camera\n` })
  const file = `${folder.path}/w.log`
  const [said] = saidOf([{ host: 'worker', file, ended: 'with code 1' }], [])
  expect(said?.lines).toEqual([`${'x'.repeat(100)} … ${'x'.repeat(122)} no such camera`])
  expect(saidOf([{ host: 'worker', file: `${folder.path}/none.log` }], [{ item: '1' }])).toEqual([])
})
