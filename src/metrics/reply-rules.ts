// Outcome rules on replies, made ready for the hot path: whether one matches a call's end.
import type { Json } from '../worlds/world.ts'
import type { OpenItem } from './open-items.ts'
import type { Last, ReplyRule } from './outcomes.ts'

const LASTS: readonly Last[] = ['none', 'ok', 'failed']

/** A rule, and what must have become of the last call of which routes: [route, last, …]. */
export interface CompiledRule {
  readonly rule: ReplyRule
  readonly after: readonly number[]
}

export function lastsOf({ after = {} }: ReplyRule, routes: readonly string[]): number[] {
  return Object.entries(after).flatMap(([route, last]) => [
    routes.indexOf(route),
    LASTS.indexOf(last),
  ])
}

export function matches(
  { rule, after }: CompiledRule,
  item: OpenItem | undefined,
  ok: boolean,
  body: Json,
): boolean {
  if (rule.result !== undefined && (rule.result === 'ok') !== ok) return false
  if (rule.body !== undefined && !hasFields(body, rule.body)) return false
  // After its end nothing but a success is still of interest.
  if (item === undefined) return rule.fate === 'succeeded'
  if (rule.object !== undefined && rule.object !== item.object) return false
  for (let i = 0; i < after.length; i += 2)
    if (((item.calls[after[i] as number] ?? 0) & 3) !== after[i + 1]) return false
  return true
}

function hasFields(body: Json, fields: Readonly<Record<string, Json>>): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false
  const record = body as Readonly<Record<string, Json>>
  for (const name in fields) if (record[name] !== fields[name]) return false
  return true
}
