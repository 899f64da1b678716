// Traces and measured times that cannot be read: the scenario's line, the data file's line, and what stands there.
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readScenario } from '../../src/scenario/read.ts'
import { inferenceOf } from './inference-of.ts'
import { Folder, refusal, withLoad, withPipeline } from './reading.ts'

const ROW = 'write a time in seconds or ISO 8601, and after a comma a count'
const DURATION = 'write a number and a unit: 500ms, 10s, 5m, 1h30m, 2d'

describe('a trace', () => {
  test.each<[string, string]>([
    ['', 't.csv holds nothing'],
    ['# nothing\n\n', 't.csv holds nothing'],
    ['time,count\n', 't.csv holds a heading and no rows'],
    ['time,count\n# a comment\n\n1,2\nfoo,3\n', "t.csv:5: 'foo,3' is no row; "],
    ['1,2\n2,-3\n', "t.csv:2: '2,-3' is no row; "],
    ['1,2\n2,1.5\n', "t.csv:2: '2,1.5' is no row; "],
    ['1,2\n2,many\n', "t.csv:2: '2,many' is no row; "],
    ['1,2,3\n', "t.csv:1: '1,2,3' is no row; "],
    ['1\n-2\n', "t.csv:2: '-2' is no row; "],
    ['1\n1e400\n', "t.csv:2: '1e400' is no row; "],
    ['2025-11-12T03:37:41Z\n2025-13-12T03:37:41Z\n', "t.csv:2: '2025-13-12T03:37:41Z' is no row; "],
    ['{"time": 1}\n{"time": 2\n', `t.csv:2: '{"time": 2' is no row; `],
    ['{"time": 1}\n{"tiem": 2}\n', `t.csv:2: '{"tiem": 2}' is no row; `],
    ['{"time": 1}\nnull\n', "t.csv:2: 'null' is no row; "],
  ])('%j', async (text, expected) => {
    const files = { 'x.yaml': withLoad('kind: trace, file: t.csv'), 't.csv': text }
    const cure = expected.endsWith('; ') ? ROW : ''
    expect(await refusal(files)).toEqual([`x.yaml:3:27: load.file: ${expected}${cure}`])
  })

  test.each<[string, string[]]>([
    [
      'kind: trace, file: gone.csv',
      ["x.yaml:3:27: load.file: cannot read 'gone.csv': there is no such file beside the scenario"],
    ],
    [
      'kind: trace, file: folder',
      ["x.yaml:3:27: load.file: cannot read 'folder': it is a directory"],
    ],
    [
      'kind: trace, file: t.csv, scale: 10000, limit: 0',
      ['x.yaml:3:55: load.limit: must be at least 1, not 0'],
    ],
    ['kind: trace, file: long.csv', ['x.yaml:3:7: load: lasts longer than a year']],
    [
      'kind: trace, file: much.csv, scale: 10000',
      [
        'x.yaml:3:7: load: offers 200,000,000 items; at most 100,000,000 are possible: lower the rate or the time',
      ],
    ],
  ])('{%s}', async (load, expected) => {
    using folder = new Folder({
      'x.yaml': withLoad(load),
      't.csv': '1\n2\n',
      'long.csv': '2020-01-01\n2025-01-01\n',
      'much.csv': '1,20000\n',
    })
    mkdirSync(join(folder.path, 'folder'))
    const error = await readScenario(join(folder.path, 'x.yaml')).catch((thrown: Error) => thrown)
    expect(error instanceof Error && folder.plain(error.message).split('\n')).toEqual(expected)
  })

  test('is not the only thing that is said', async () => {
    const text = `${withLoad('kind: trace, file: gone.csv, scael: 2')}faults: [{kind: hnag}]\n`
    expect(await refusal({ 'x.yaml': text })).toEqual([
      "x.yaml:3:27: load.file: cannot read 'gone.csv': there is no such file beside the scenario",
      "x.yaml:3:37: load.scael: unknown key 'scael'; did you mean 'scale'? Known: scale, limit",
      "x.yaml:4:17: faults[0].kind: unknown kind 'hnag'; did you mean 'hang'?",
    ])
  })
})

describe('measured times', () => {
  test.each<[string, string]>([
    ['', 't.txt holds nothing'],
    ['200\n1.2.3\n', `t.txt:2: '1.2.3' is not a duration; ${DURATION}`],
    ['200ms\n\nfast\n', `t.txt:3: 'fast' is not a duration; ${DURATION}`],
    ['200ms\n-3ms\n', "t.txt:2: '-3ms' is negative"],
  ])('%j', async (text, expected) => {
    const inference = '{dist: empirical, file: t.txt}'
    const files = { 'x.yaml': withPipeline(`service: {inference: ${inference}}`), 't.txt': text }
    const place = 'x.yaml:2:74: pipeline.service.inference.file'
    expect(await refusal(files)).toEqual([`${place}: ${expected}`])
  })
})

describe('what a variant replaces', () => {
  const FILES = {
    'a.csv': '1\n2\n',
    'b.csv': 'time\n10\n20\n40\n',
    'a.txt': '1\n',
    'b.txt': '2s\n3\n',
  }

  test('is read anew', async () => {
    using folder = new Folder({
      ...FILES,
      'x.yaml': `${withLoad('kind: trace, file: a.csv').replace('inference}', 'inference, service: {inference: {dist: empirical, file: a.txt}}}')}variants: {a: {}, b: {load: {file: b.csv}, pipeline: {service: {inference: {dist: empirical, file: b.txt}}}}}\n`,
    })
    const scenario = await readScenario(join(folder.path, 'x.yaml'))
    const read = (variant: string) => {
      const resolved = scenario.resolve(variant, false)
      return { load: resolved.load, inference: inferenceOf(resolved).service.inference }
    }
    const trace = { kind: 'trace', scale: 1 }
    expect({ a: read('a'), b: read('b') }).toEqual({
      a: {
        load: { ...trace, file: 'a.csv', rows: [{ at: 0 }, { at: 1_000 }] },
        inference: { dist: 'empirical', values: [1] },
      },
      b: {
        load: { ...trace, file: 'b.csv', rows: [{ at: 0 }, { at: 10_000 }, { at: 30_000 }] },
        inference: { dist: 'empirical', values: [2_000, 3] },
      },
    })
  })
})
