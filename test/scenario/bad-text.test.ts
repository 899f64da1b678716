// Files that are no YAML, no JSON or no file at all, and what the YAML parser would forgive.
import { mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readScenario } from '../../src/scenario/read.ts'
import { Folder, RIGHT, refusal } from './reading.ts'

const json = (load: string) => `{\n  "pipeline": {"kind": "inference"},\n  "load": ${load}\n}\n`
const RIGHT_LOAD = '{"kind": "arrivals", "rate": "1/s", "for": "1m"}'

describe('YAML', () => {
  test.each<[string, string]>([
    [
      '{{{{',
      '1:5: not YAML: Flow map in block collection must be sufficiently indented and end with a }',
    ],
    ['name: x\n\tload: 3\n', '2:1: not YAML: a tab cannot indent; use spaces'],
    ['name: "x\nload: 3\n', '3:1: not YAML: Missing closing "quote'],
    ['name: x\n  load: 3\n', '1:7: not YAML: Nested mappings are not allowed in compact mappings'],
    [`${RIGHT}---\n${RIGHT}`, '4:1: a file holds one scenario, and here a second document begins'],
    [`${RIGHT}name: y\n`, '4:1: the key name stands here a second time'],
    [`${RIGHT}brief: {warmup: 1s, warmup: 2s}\n`, '4:21: the key warmup stands here a second time'],
    [`${RIGHT}? {a: 1}\n: 2\n`, '4:3: a key must be text'],
    [`${RIGHT}: 2\n`, '4:3: a key must be text'],
    [
      `${RIGHT}start: !!timestamp 2025-11-12\n`,
      '4:20: start: a Date is no plain data; write text, a number, a list or a mapping',
    ],
    [
      `${RIGHT}incident: !!binary aGVsbG8=\n`,
      '4:20: incident: a Buffer is no plain data; write text, a number, a list or a mapping',
    ],
    [`${RIGHT}faults: !custom []\n`, '4:9: not YAML: unresolved tag: !custom'],
    ['pipeline: *p\n', '1:11: *p stands for nothing: no anchor &p before it'],
    [
      `${RIGHT}faults: &f [{kind: latency, of: *f}]\n`,
      '4:33: faults[0].of: contains itself, in a circle',
    ],
    [
      `${RIGHT}brief: &b {pipeline: {service: *b}}\n`,
      '4:32: brief.pipeline.service: contains itself, in a circle',
    ],
    [`${RIGHT}brief: {<<: 3}\n`, '4:9: << takes a mapping, or a list of mappings'],
  ])('%j', async (text, expected) => {
    expect(await refusal({ 'x.yaml': text })).toEqual([`x.yaml:${expected}`])
  })

  test('an alias bomb', async () => {
    const nine = (name: string) => `[${Array(9).fill(name).join()}]`
    const levels = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const text = levels.map(
      (name, i) => `${name}: &${name} ${nine(i === 0 ? 'x' : `*${levels[i - 1]}`)}\n`,
    )
    expect(await refusal({ 'x.yaml': text.join('') })).toEqual([
      'x.yaml:2:8: the aliases expand to far too much; write out what they stand for',
    ])
  })

  test('anchors, aliases and merge keys are followed to where a mistake stands', async () => {
    const text = [
      'pipeline: &p {kind: inference}',
      'load: &l {kind: arrivals, rate: 1/s, for: 1m}',
      'variants:',
      '  a: &a {load: {<<: *l, fr: 2m}, pipeline: *p}',
      '  b: {<<: *a, warmup: 3}',
      '  c: {<<: [*a, {about: 3}]}',
      '',
    ].join('\n')
    expect(await refusal({ 'x.yaml': text })).toEqual([
      "x.yaml:4:25: variants.a.load.fr: unknown key 'fr'; did you mean 'for'? Known: kind, rate, for, process, bursts",
      "x.yaml:4:25: variants.b.load.fr: unknown key 'fr'; did you mean 'for'? Known: kind, rate, for, process, bursts",
      "x.yaml:4:25: variants.c.load.fr: unknown key 'fr'; did you mean 'for'? Known: kind, rate, for, process, bursts",
      'x.yaml:5:23: variants.b.warmup: 3 has no unit; write 3s or 3ms',
      "x.yaml:6:24: variants.c.about: needs text, not 3; write '3', in quotes",
    ])
  })

  test.each<[string, string | Uint8Array]>([
    ['a byte order mark', `\uFEFF${RIGHT}`],
    ['Windows line ends', RIGHT.replaceAll('\n', '\r\n')],
    [
      'a merge key',
      'pipeline: {kind: inference}\nload: &l {kind: arrivals, rate: 1/s, for: 1m}\nbrief: {load: {<<: *l, for: 30s}}\n',
    ],
    [
      'a schema for editors',
      `# yaml-language-server: $schema=../schema.json\n$schema: ../schema.json\n${RIGHT}`,
    ],
  ])('takes %s', async (_, text) => {
    expect(await refusal({ 'x.yaml': text })).toEqual(['it was accepted'])
  })

  test('places count from the byte order mark and over Windows line ends', async () => {
    const text = `\uFEFF${RIGHT}fautls: []\n`.replaceAll('\n', '\r\n')
    expect(await refusal({ 'x.yml': text })).toEqual([
      "x.yml:4:1: fautls: unknown key 'fautls'; did you mean 'faults'?",
    ])
  })
})

describe('JSON', () => {
  test.each<[string, string]>([
    ['', '1:1: a scenario is a mapping with pipeline and load; this file holds nothing'],
    ['[]', '1:1: a scenario is a mapping with pipeline and load; this file holds an empty list'],
    ['{"name": "x",}', "1:14: not JSON: nothing may stand between the last comma and '}'"],
    ['{"symptoms": ["x",]}', "1:19: not JSON: nothing may stand between the last comma and ']'"],
    ['{"name": "x"} // why\n', '1:15: not JSON: JSON has no comments; a .yaml file has'],
    ['{"name": "x"}\n{}', "2:1: not JSON: '{' stands where the end of the file is due"],
    ["{'name': 'x'}", '1:2: not JSON: JSON texts stand in double quotes, not single ones'],
    ['{name: "x"}', "1:2: not JSON: 'name' stands where a key in double quotes or '}' is due"],
    ['{"name" "x"}', "1:9: not JSON: a ':' is missing before this"],
    ['{"name": "x" "incident": "y"}', "1:14: not JSON: a ',' is missing before this"],
    [
      '{"name": "x',
      '1:10: not JSON: this text is not closed, or holds a bad escape or a line break',
    ],
    [
      '{"name": "a\tb"}',
      '1:10: not JSON: this text is not closed, or holds a bad escape or a line break',
    ],
    ['{"name": ', '1:10: not JSON: the file ends where a value is due'],
    ['{"name": "x"', "1:13: not JSON: the file ends where ',' or the closing bracket is due"],
    ['{"name": "x"]', "1:13: not JSON: ']' stands where ',' or the closing bracket is due"],
    ['name: x\n', "1:1: not JSON: 'name' stands where a value is due"],
    [json('{"rate": 0x10}'), "3:20: not JSON: '0x10' stands where a value is due"],
    [json('{"rate": 01}'), "3:20: not JSON: '01' stands where a value is due"],
    [json('{"rate": NaN}'), "3:20: not JSON: 'NaN' stands where a value is due"],
    [json('{"rate": -Infinity}'), "3:20: not JSON: '-Infinity' stands where a value is due"],
    [json(`${RIGHT_LOAD}, "load": {}`), '3:61: the key "load" stands here a second time'],
    [
      json('{"kind": "arrivals", "rate": 1e400, "for": "1m"}'),
      '3:40: load.rate: needs a rate such as 12/s or 90/m, not Infinity',
    ],
    [
      json('{"kind": "arrivals", "rate": "1/s", "fr": "1m"}'),
      "3:47: load.fr: unknown key 'fr'; did you mean 'for'? Known: for, process, bursts",
    ],
    [
      json('{"kind": "arrivals", "rate": "1/s", "for": null}'),
      '3:54: load.for: needs a duration such as 10s or 1h30m, not nothing',
    ],
    [json(`${RIGHT_LOAD}, "$schema": 3`), 'it was accepted'],
  ])('%j', async (text, expected) => {
    const place = expected === 'it was accepted' ? '' : 'x.json:'
    expect(await refusal({ 'x.json': text })).toEqual([place + expected])
  })

  test('is indented with tabs and escaped as anybody likes', async () => {
    const text = `{\n\t"$schema": "../schema.json",\r\n\t"incident": "\\u6545\\/\\ud83d\\ude00",\n${json(RIGHT_LOAD).slice(2)}`
    expect(await refusal({ 'x.json': text })).toEqual(['it was accepted'])
  })
})

describe('a file', () => {
  const ENDINGS = '.ts .mts .js .mjs .yaml .yml .json'

  test.each<[string, string | Uint8Array, string]>([
    ['x.toml', 'a = 1', `not a scenario file by its name; it must end in ${ENDINGS}`],
    ['x', RIGHT, `not a scenario file by its name; it must end in ${ENDINGS}`],
    ['x.tsx', 'export default {}', `not a scenario file by its name; it must end in ${ENDINGS}`],
    [
      'x.yaml',
      Buffer.from(`${RIGHT}incident: caf\xe9\n`, 'latin1'),
      'not text in UTF-8; save it in that encoding',
    ],
    [
      'x.yaml',
      Buffer.from(`\uFEFF${RIGHT}`, 'utf16le'),
      'not text in UTF-8; save it in that encoding',
    ],
    ['x.json', `${json(RIGHT_LOAD)}\0`, 'not text in UTF-8; save it in that encoding'],
    [
      'x.yaml',
      '#'.repeat(5_000_000),
      '5 MB are too much for a scenario; put a trace into a file of its own',
    ],
  ])('%s that is none', async (name, content, expected) => {
    expect(await refusal({ [name]: content })).toEqual([`${name}: ${expected}`])
  })

  test.each<[string, string]>([
    ['absent.yaml', 'absent.yaml: no such file; `aftershock list` names the bundled scenarios'],
    ['right.yaml/x.yaml', 'right.yaml/x.yaml: no such file: part of the path is not a directory'],
    ['folder.yaml', 'folder.yaml: is a directory; name the scenario files in it'],
    ['circle.yaml', 'circle.yaml: its symbolic links lead in a circle'],
    ['device.yaml', 'device.yaml: not a regular file'],
  ])('%s', async (name, expected) => {
    using folder = new Folder({ 'right.yaml': RIGHT })
    mkdirSync(join(folder.path, 'folder.yaml'))
    symlinkSync('circle.yaml', join(folder.path, 'circle.yaml'))
    symlinkSync('/dev/zero', join(folder.path, 'device.yaml'))
    const error = await readScenario(join(folder.path, name)).catch((thrown: Error) => thrown)
    expect(error instanceof Error && folder.plain(error.message)).toBe(expected)
  })

  test.runIf(process.platform === 'linux')('that the system does not let one read', async () => {
    using folder = new Folder()
    symlinkSync('/proc/self/mem', join(folder.path, 'x.yaml'))
    const error = await readScenario(join(folder.path, 'x.yaml')).catch((thrown: Error) => thrown)
    expect(error instanceof Error && folder.plain(error.message)).toBe(
      'x.yaml: cannot be read: EIO: i/o error, read',
    )
  })

  test('of no name', async () => {
    await expect(readScenario('')).rejects.toThrow(/^an empty text names no scenario file$/)
  })
})
