// How often a fault acts, and on which calls: never the fault's own business.
import picomatch from 'picomatch'
import { z } from 'zod'
import { count, glob, share } from '../base/fields.ts'
import type { Random } from '../base/random.ts'
import { type Call, pass, type Rule, type Ruling, type Stage } from '../worlds/world.ts'
import type { Selection, Targets } from './fault.ts'

/** How often a fault on calls acts, and on which: in the options of every fault that has a rule. */
export const selection = {
  from: glob.optional().meta({ description: 'Calls of these hosts only' }),
  to: glob.optional().meta({ description: 'Calls to these hosts, upstreams or `objects` only' }),
  route: glob
    .optional()
    .meta({ description: 'Calls of these routes only: infer, heartbeat, put, fetch, …' }),
  key: glob.optional().meta({ description: 'Calls about these object keys only' }),
  probability: share.optional().meta({ description: 'Share of the calls it acts on' }),
  nth: count.optional().meta({ description: 'Acts on every nth call' }),
  first: count.optional().meta({ description: 'Acts on the first so many calls' }),
  attempt: count.optional().meta({
    description: "Acts on an item's calls of this number only: 2 is its second of the route",
  }),
}

/** Limits a rule to the calls that a selection names, and to as many of them as it asks for. */
export function often(select: Selection, random: Random, at: Stage, rule: Rule): Rule {
  const from = matcher(select.from)
  const to = matcher(select.to)
  const route = matcher(select.route)
  const key = matcher(select.key)
  let seen = 0
  const limited = (call: Call, stage: Stage): Ruling => {
    if (stage !== at) return pass
    if (!from(call.from) || !to(call.to) || !route(call.route) || !key(call.key)) return pass
    if (select.attempt !== undefined && call.nth !== select.attempt) return pass
    seen++
    if (select.nth !== undefined && seen % select.nth !== 0) return pass
    if (select.first !== undefined && seen > select.first) return pass
    if (select.probability !== undefined && draw(random, call) >= select.probability) return pass
    return rule(call, stage)
  }
  return concerning(
    (link, stage) => stage === at && from(link.from) && to(link.to) && route(link.route),
    limited,
  )
}

/** Of a rule that lets all other links pass, so that nobody asks it about them. */
export function concerning(concerns: NonNullable<Rule['concerns']>, rule: Rule): Rule {
  return Object.assign((call: Call, at: Stage) => rule(call, at), { concerns })
}

/** Of requests from host to host alone: the store's calls, the queue's and the database's pass. */
export function onHttp(rule: Rule): Rule {
  return concerning(
    (link, at) => link.op === 'http' && rule.concerns?.(link, at) !== false,
    (call, at) => (call.op === 'http' ? rule(call, at) : pass),
  )
}

/** Uniform, by the call alone: its item or link, its route, and how many of that came before. */
export function draw(random: Random, call: Call, label = 'often'): number {
  const about = call.item >= 0 ? call.item : `${call.from} ${call.to}`
  return random.at(`${label} ${call.route}`, about, call.nth)
}

function matcher(pattern: string | undefined): (name: string) => boolean {
  if (pattern === undefined) return () => true
  const matches = picomatch(pattern, { dot: true })
  // Names are few, keys are not: only short answers are worth keeping.
  const known = new Map<string, boolean>()
  return (name) => {
    let answer = known.get(name)
    if (answer === undefined) {
      answer = matches(name)
      if (known.size < 1_000) known.set(name, answer)
    }
    return answer
  }
}

/** Targets of a selection, for faults that have nothing to add. */
export function selected(select: Selection): Targets {
  const some = (...globs: (string | undefined)[]) =>
    globs.filter((g): g is string => g !== undefined)
  return { hosts: some(select.from, select.to), routes: some(select.route), keys: some(select.key) }
}

/** Which services a fault on heartbeats is about: `all`, the first so many that beat, or names and globs. */
export const services = z
  .union([z.literal('all'), z.int().min(1), z.array(glob).min(1)])
  .default('all')
  .meta({ description: 'Which services: all, the first so many that beat, or names' })

export type Services = z.output<typeof services>

export function nameServices(which: Services): string {
  if (which === 'all') return 'all services'
  if (typeof which !== 'number') return which.join(', ')
  return which === 1 ? 'one service' : `${which} services`
}

export function isAmong(which: Services): (call: Call) => boolean {
  if (which === 'all') return () => true
  if (typeof which !== 'number') {
    const matches = matcher(which.length === 1 ? which[0] : `{${which.join(',')}}`)
    return ({ from }) => matches(from)
  }
  const seen = new Set<string>()
  return ({ from }) => {
    if (seen.size < which) seen.add(from)
    return seen.has(from)
  }
}

export function serviceTargets(which: Services): readonly string[] {
  return typeof which === 'object' ? which : []
}

/** What a fault on heartbeats meets; which the first so many are cannot be told beforehand. */
export function heartbeats(o: Selection & { readonly services: Services }): Selection | undefined {
  if (typeof o.services === 'number') return undefined
  const { route, probability, nth } = o
  const from =
    typeof o.services === 'string'
      ? undefined
      : o.services.length === 1
        ? o.services[0]
        : `{${o.services.join(',')}}`
  return { route, probability, nth, from }
}
