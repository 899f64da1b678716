// Outcome rules made ready for the hot path: all of one shape, and whether one matches a call's end.
import picomatch from 'picomatch'
import type { Json } from '../worlds/world.ts'
import type { Cause } from './cause.ts'
import type { OpenItem } from './open-items.ts'
import { FATES, type Last, type ObjectState, type OutcomeRule } from './outcomes.ts'

const LASTS: readonly Last[] = ['none', 'ok', 'failed']

/** Fates by number: where each stands in FATES. */
export const SUCCEEDED = FATES.indexOf('succeeded')

export class CompiledRule {
  readonly rule: OutcomeRule
  /** The fate's number, or -1 where the item goes on. */
  readonly fate: number
  /** Whether the rule has a name of its own for the cause. */
  readonly blames: boolean
  readonly ok: boolean | undefined
  readonly body: Readonly<Record<string, Json>> | undefined
  readonly object: ObjectState | undefined
  /** What must have become of the last call of which routes: [route, last, …]. */
  readonly after: readonly number[]
  /** What the rule itself calls the cause; known when first asked for. */
  cause: Cause | undefined

  constructor(rule: OutcomeRule, routes: readonly string[]) {
    const reply = rule.on === 'reply' ? rule : undefined
    this.rule = rule
    this.fate = rule.fate === undefined ? -1 : FATES.indexOf(rule.fate)
    this.blames = rule.class !== undefined
    this.ok = reply?.result === undefined ? undefined : reply.result === 'ok'
    this.body = reply?.body
    this.object = reply?.object
    this.after = Object.entries(reply?.after ?? {}).flatMap(([route, last]) => [
      routes.indexOf(route),
      LASTS.indexOf(last),
    ])
  }

  matches(item: OpenItem | undefined, ok: boolean, body: Json): boolean {
    if (this.ok !== undefined && this.ok !== ok) return false
    if (this.body !== undefined && !hasFields(body, this.body)) return false
    // After its end nothing but a success is still of interest.
    if (item === undefined) return this.fate === SUCCEEDED
    if (this.object !== undefined && this.object !== item.object) return false
    const { after } = this
    for (let i = 0; i < after.length; i += 2)
      if (((item.calls[after[i] as number] ?? 0) & 3) !== after[i + 1]) return false
    return true
  }
}

function hasFields(body: Json, fields: Readonly<Record<string, Json>>): boolean {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return false
  const record = body as Readonly<Record<string, Json>>
  for (const name in fields) if (record[name] !== fields[name]) return false
  return true
}

/** The rule that waits for an object with such a key to come, or to go. */
export function ruleOnObject(
  rules: readonly CompiledRule[],
  key: string,
  state: ObjectState,
): CompiledRule | undefined {
  return rules.find(
    ({ rule }) =>
      rule.on === 'object' &&
      rule.state === state &&
      picomatch.isMatch(key, rule.key, { dot: true }),
  )
}

/** The rule that waits for such a key to hold this. */
export function ruleOnKey(
  rules: readonly CompiledRule[],
  key: string,
  body: Json,
): CompiledRule | undefined {
  return rules.find(
    ({ rule }) =>
      rule.on === 'redis' &&
      picomatch.isMatch(key, rule.key, { dot: true, bash: true }) &&
      (rule.body === undefined || hasFields(body, rule.body)),
  )
}

/** The rule that waits for a log line. */
export function ruleOnLog(rules: readonly CompiledRule[], line: string): CompiledRule | undefined {
  return rules.find(({ rule }) => rule.on === 'log' && rule.line === line)
}

/** What a cause is called that the wire has not shown: as the rule says, or where the rule saw it and what. */
export function causeNamed(rule: OutcomeRule): [stage: string, klass: string] {
  const { stage, class: klass } = rule
  switch (rule.on) {
    case 'reply':
      return [stage ?? rule.route, klass ?? 'unknown']
    case 'log':
      return [stage ?? 'log', klass ?? rule.line]
    case 'object':
      return [stage ?? 'object', klass ?? rule.state]
    default:
      return [stage ?? rule.on, klass ?? 'unknown']
  }
}
