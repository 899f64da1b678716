// The reference as markdown, out of the code itself: faults, load models, metrics, thresholds, reporters, flags, exit codes.
import { Command } from 'commander'
import { z } from 'zod'
import { EXIT_MEANINGS } from '../src/base/errors.ts'
import { addRunFlags } from '../src/cli/flags.ts'
import { timing } from '../src/faults/fault.ts'
import * as faults from '../src/faults/index.ts'
import { selection } from '../src/faults/often.ts'
import * as loads from '../src/load/index.ts'
import { AGGREGATIONS, BUILT_IN, catalogOf, type Metric } from '../src/metrics/catalog.ts'
import { exposedNames } from '../src/metrics/exposition.ts'
import * as pipelines from '../src/pipelines/index.ts'
import * as reporters from '../src/reporters/index.ts'
import { OPERATORS } from '../src/verdict/expression.ts'
import { SCRAPE_MS } from '../src/verdict/samples.ts'
import { TEMPLATES } from '../src/worlds/foreign-templates.ts'
import { type OptionRow, optionRows } from './option-rows.ts'

export function referenceText(): string {
  return [
    '<!-- Written by `npm run reference`: change the code, not this file. -->',
    '# Reference',
    '',
    ...section(
      'Faults',
      `Every fault takes ${names(Object.keys(timing))}; those below are its own. Options in bold must be given. A kind with _calls_ among them acts on calls, and takes those of the second table, too. Hosts and routes are names or globs: \`service-*\`, \`{a,b}\`. A time is \`200ms\` or a distribution: \`{ p50: 200ms, p99: 2s }\`, \`{ mean: 1s, p99: 4s }\`.`,
      ['kind', 'what it does', 'options'],
      Object.values(faults).map(({ kind, help, options }) => [
        code(kind),
        help,
        faultOptions(options),
      ]),
    ),
    ...table(
      ['which calls', 'what it is'],
      optionRows(z.strictObject(selection)).map(({ path, help }) => [code(path), cell(help)]),
    ),
    ...section(
      'Load models',
      'Items are due at their intended start, whatever becomes of those before; only `closed` and `saturate` wait.',
      ['kind', 'what it does', 'options'],
      Object.values(loads).map(({ kind, help, options }) => [
        code(kind),
        help,
        optionsOf(optionRows(options)),
      ]),
    ),
    ...section(
      'Pipelines',
      'The systems under test. Every mitigation is an option.',
      ['kind', 'what it is'],
      Object.values(pipelines).map(({ kind, describe }) => [code(kind), describe]),
    ),
    ...Object.values(pipelines).flatMap(({ kind, options }) => [
      `### Options of ${code(kind)}`,
      '',
      ...optionTable(options),
    ]),
    ...section(
      'Templates of `process`',
      'What `command`, `env` and `config` of a process may hold; each is filled with the address of the interposer before it.',
      ['template', 'what it is'],
      TEMPLATES.map(([name, help]) => [code(`{${name}}`), help]),
    ),
    ...section(
      'Metrics',
      'What thresholds and fingerprints may name. Tags narrow a metric down: `item_lost{phase:after,class:http-404}`; `phase` is warmup, before, fault or after. Of `process` each of its `reports` is one more: `reported_<name>`, a gauge.',
      ['metric', 'type', 'tags', 'what it counts'],
      metrics(),
    ),
    ...section(
      'Thresholds',
      `\`aggregation operator limit\`, as in \`rate<0.01\` or \`p(95)<10s\`. Operators: ${names(OPERATORS)}. A limit is a number or a duration.`,
      ['type', 'aggregations'],
      Object.entries(AGGREGATIONS).map(([type, known]) => [
        type,
        names(type === 'trend' ? [...known, 'p(N)'] : known),
      ]),
    ),
    ...section(
      'Series for alerts',
      `What a PromQL expression may name, as a Prometheus server would scrape it: every ${SCRAPE_MS / 1_000} s, when expressions are evaluated too.`,
      ['series', 'type', 'labels', 'what it is'],
      // Most are every pipeline's.
      [...new Map(Object.values(pipelines).flatMap((one) => [...exposedNames(one)]))].map(
        ([name, { type, labels, help }]) => [code(name), type, names(labels), help],
      ),
    ),
    ...section(
      'Reporters',
      'For `--reporter`, several by comma, each to standard output or to a file: `junit=FILE`.',
      ['reporter', 'what it writes'],
      Object.values(reporters).map(({ kind, help }) => [code(kind), help]),
    ),
    ...section(
      'Flags of `run`',
      'Each is also a variable.',
      ['flag', 'what it does', 'default', 'variable'],
      addRunFlags(new Command()).options.map((option) => {
        const { flags, defaultValue } = option
        const inHelp = /\(env: (\w+)\)/.exec(option.description)?.[1]
        const isPlain = ['string', 'number'].includes(typeof defaultValue)
        return [
          code(flags),
          option.description.replace(/ \(env: \w+\)/, ''),
          isPlain ? code(String(defaultValue)) : '',
          code(option.envVar ?? inHelp ?? ''),
        ]
      }),
    ),
    ...section(
      'Exit codes',
      'Of several runs the worst wins: 109, 112, 105, 110, 107, 99, 111, 0.',
      ['code', 'meaning'],
      Object.entries(EXIT_MEANINGS).map(([exit, [, long]]) => [exit, long]),
    ),
  ].join('\n')
}

function metrics(): string[][] {
  const row = ([name, { type, tags, help }]: readonly [string, Metric]) => [
    code(name),
    type,
    names(tags),
    help,
  ]
  const own = Object.values(pipelines).flatMap((pipeline) =>
    [...catalogOf(pipeline)]
      .filter(([name]) => !(name in BUILT_IN))
      .map(([name, metric]) =>
        row([name, { ...metric, help: `${pipeline.kind}: ${metric.help}` }]),
      ),
  )
  return [...Object.entries(BUILT_IN).map(row), ...own]
}

function faultOptions(options: z.ZodType): string {
  const rows = optionRows(options).filter(({ path }) => !(path in timing))
  const own = rows.filter(({ path }) => !(path in selection))
  const takes = rows.length - own.length
  const isAll = takes === Object.keys(selection).length
  const calls = rows.flatMap(({ path }) => (path in selection ? [code(path)] : []))
  return [optionsOf(own), takes === 0 ? '' : isAll ? '_calls_' : `_calls_: ${calls.join(' ')}`]
    .filter((part) => part !== '')
    .join('; ')
}

/** Those at the top alone, in one cell. */
function optionsOf(rows: readonly OptionRow[]): string {
  return rows
    .filter(({ path }) => !path.includes('.'))
    .map(({ help, ...row }) => (help === '' ? nameOf(row) : `${nameOf(row)} (${cell(help)})`))
    .join(', ')
}

function optionTable(options: z.ZodType): string[] {
  return table(
    ['option', 'default', 'what it is'],
    optionRows(options).map((row) => [nameOf(row), code(row.default), cell(row.help)]),
  )
}

function nameOf({ path, isRequired }: Pick<OptionRow, 'path' | 'isRequired'>): string {
  return isRequired ? `**${code(path)}**` : code(path)
}

function section(
  title: string,
  text: string,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  return [`## ${title}`, '', text, '', ...table(heading, rows)]
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line), '']
}

function names(all: readonly string[]): string {
  return all.map(code).join(' ')
}

function code(text: string): string {
  return text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``
}

function cell(text: string): string {
  return text.replaceAll(/[|*<]/g, (character) => `\\${character}`)
}
