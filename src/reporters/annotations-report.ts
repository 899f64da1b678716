// Workflow commands of GitHub Actions: what failed stands beside the scenario's file.
import type { Summary } from '../run/result.ts'
import { type Check, checksOf } from './checks.ts'
import type { RenderOptions } from './reporter.ts'

const LEVELS: Readonly<Partial<Record<Check['outcome'], string>>> = {
  failed: 'error',
  error: 'error',
  skipped: 'warning',
}

export function annotationsReport(summary: Summary, options: RenderOptions): string {
  const lines = checksOf(summary, options).flatMap((check) => {
    const level = LEVELS[check.outcome]
    if (level === undefined) return []
    const title = `${check.scenario} · ${check.variant}: ${check.name}`
    const rest = check.details.filter((line) => line !== check.message)
    const text = [check.message, ...rest].join('\n')
    return [`::${level} file=${property(check.file)},title=${property(title)}::${data(text)}`]
  })
  return lines.map((line) => `${line}\n`).join('')
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
