// JUnit's XML, as Jenkins and GitLab read it: a suite for each file, a testcase for each check.

import type { RunResult, Summary } from '../run/result.ts'
import { sayObserved } from '../verdict/said.ts'
import { type Check, checksOf } from './checks.ts'
import { type RenderOptions, rerunOf } from './reporter.ts'

export function junitReport(summary: Summary, options: RenderOptions): string {
  const checks = checksOf(summary, options)
  const suites = [...Map.groupBy(checks, (check) => check.file)]
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    tag('testsuites', { name: 'aftershock', ...counts(checks) }),
    ...suites.flatMap(([file, of]) => suite(file, of, summary, options)),
    '</testsuites>',
    '',
  ]
  return lines.join('\n')
}

function suite(
  file: string,
  checks: readonly Check[],
  summary: Summary,
  options: RenderOptions,
): string[] {
  const skipped = checks.filter((c) => c.outcome === 'skipped').length
  const { startedAt } = options
  return [
    tag('testsuite', {
      name: file,
      ...counts(checks),
      skipped: String(skipped),
      ...(startedAt === undefined ? {} : { timestamp: startedAt.slice(0, 19) }),
    }),
    '<properties>',
    property('aftershock', summary.version),
    property('reproduce', rerunOf(summary, options)),
    ...summary.runs.filter((run) => run.file === file).flatMap(properties),
    '</properties>',
    ...checks.flatMap(testcase),
    '</testsuite>',
  ]
}

/** Seeds and figures, which must not stand in names: trends are kept by name. */
function properties(run: RunResult): string[] {
  const name = `${run.variant}.${run.world}.seed-${run.seed}`
  return [
    property(name, run.verdict),
    ...[...run.thresholds, ...run.fingerprint].map((t) =>
      property(`${name}.${t.metric} ${t.expr}`, sayObserved(t)),
    ),
  ]
}

function testcase(check: Check): string[] {
  const { scenario, variant, world, name, outcome, message, details, wallMs } = check
  const open = tag('testcase', {
    classname: `${scenario}.${variant}.${world}`,
    name,
    time: seconds(wallMs),
  })
  if (outcome === 'passed') return [open.replace(/>$/, '/>')]
  const kind = { failed: 'failure', error: 'error', skipped: 'skipped' }[outcome]
  const type = { failed: 'breach', error: 'inconclusive', skipped: 'not judged' }[outcome]
  const text = details.map(escaped).join('\n')
  return [open, `${tag(kind, { message, type })}${text}</${kind}>`, '</testcase>']
}

function counts(checks: readonly Check[]): Record<string, string> {
  const of = (outcome: Check['outcome']) =>
    String(checks.filter((c) => c.outcome === outcome).length)
  return {
    tests: String(checks.length),
    failures: of('failed'),
    errors: of('error'),
    time: seconds(checks.reduce((sum, c) => sum + c.wallMs, 0)),
  }
}

/** As Surefire's schema wants it: no exponent, no sign, three digits at most before the dot are not asked for. */
function seconds(ms: number): string {
  return (ms / 1_000).toFixed(3)
}

function property(name: string, value: string): string {
  return tag('property', { name, value }).replace(/>$/, '/>')
}

function tag(name: string, attributes: Readonly<Record<string, string>>): string {
  const text = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  return `<${name}${text.join('')}>`
}

/** XML 1.0 cannot hold most control characters or lone surrogates, however they are written. */
function escaped(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;')
}
