// Checks a scenario of somebody else's processes against itself: names, templates, and rules that could never match.
import { statSync } from 'node:fs'
import { suggestion } from '../../base/suggest.ts'
import { holesIn } from '../../base/template.ts'
import { PROXY_NAME } from '../../worlds/foreign.ts'
import { templatesFor } from '../../worlds/foreign-templates.ts'
import {
  DATABASE_NAME,
  REDIS_NAME,
  REDIS_ROUTES,
  STORE_NAME,
  STORE_ROUTES,
} from '../../worlds/world.ts'
import type { Wrong } from '../pipeline.ts'
import { copiesOf } from './names.ts'
import type { Options } from './options.ts'
import { uses } from './uses.ts'

type Path = Wrong['path']

export function check(options: Options): Wrong[] {
  return [
    ...wrongProcesses(options),
    ...wrongTemplates(options),
    ...wrongRoutes(options),
    ...wrongOffer(options),
    ...wrongHosts(options),
    ...wrongOutcomes(options),
  ]
}

function hostsOf({ processes, upstreams }: Options) {
  const names = (of: Readonly<Record<string, { readonly copies: number }>>) =>
    Object.entries(of).flatMap(([name, { copies }]) => copiesOf(name, copies))
  return { processes: names(processes), upstreams: names(upstreams) }
}

function wrongProcesses(options: Options): Wrong[] {
  const { processes } = options
  if (Object.keys(processes).length === 0)
    return [{ path: ['processes'], message: 'names no process' }]
  const hosts = hostsOf(options)
  const all = [
    ...hosts.processes,
    ...hosts.upstreams,
    'load',
    STORE_NAME,
    REDIS_NAME,
    DATABASE_NAME,
    PROXY_NAME,
  ]
  const twice = all.filter((name, i) => all.indexOf(name) < i)
  return [
    ...twice.map((name) => ({ path: ['processes'], message: `two things are called '${name}'` })),
    ...Object.entries(processes).flatMap(([name, process]) =>
      wrongProcess(process).map(({ path, message }) => ({
        path: ['processes', name, ...path],
        message,
      })),
    ),
  ]
}

/** Of two that stand in for the same host nobody could say which one answers. */
function wrongHosts({ upstreams }: Options): Wrong[] {
  const all = Object.entries(upstreams).flatMap(([name, { hosts, copies }]) =>
    hosts.map((host, i) => ({ host, copies, path: ['upstreams', name, 'hosts', i] })),
  )
  return all.flatMap(({ host, copies, path }, i) => {
    if (copies > 1) return [{ path, message: 'a host is served by one: leave `copies` out' }]
    const isSecond = all.slice(0, i).some((other) => other.host === host)
    return isSecond ? [{ path, message: `two upstreams stand in for ${host}` }] : []
  })
}

function wrongProcess(process: Options['processes'][string]): Wrong[] {
  const { command, attach, cwd, ready, env, config, copies } = process
  if ((command === undefined) === (attach === undefined))
    return [
      { path: [], message: 'needs either a `command` or `attach`, the address of one that runs' },
    ]
  if (attach !== undefined) {
    if (copies > 1) return [{ path: ['copies'], message: 'what is attached is there once' }]
    return typeof ready === 'object' && 'log' in ready
      ? [
          {
            path: ['ready'],
            message: 'the output of what is attached is not seen; write {path: /health}',
          },
        ]
      : []
  }
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory())
    return [{ path: ['cwd'], message: `there is no folder ${cwd}` }]
  const texts = [...(command ?? []), ...Object.values(env), config ?? '']
  const listens = texts.some((text) => holesIn(text).includes('port'))
  const needsPort = ready === 'port' || 'path' in ready
  if (!needsPort || listens) return []
  const message =
    'it is never told where to listen: write {port} into its command or env, or say ready: {log: …}'
  return [{ path: ['ready'], message }]
}

function wrongTemplates(options: Options): Wrong[] {
  const { processes, upstreams } = hostsOf(options)
  const known = templatesFor(processes, upstreams)
  const unknown = (text: string, path: Path) =>
    holesIn(text)
      .filter((hole) => !known.includes(hole))
      .map((hole) => ({ path, message: `no {${hole}} in this scenario${suggestion(hole, known)}` }))
  return Object.entries(options.processes).flatMap(([name, { command = [], env, config }]) => {
    const at = ['processes', name]
    return [
      ...command.flatMap((text, i) => unknown(text, [...at, 'command', i])),
      ...Object.entries(env).flatMap(([key, text]) => unknown(text, [...at, 'env', key])),
      // A whole file may hold braces of its own: only what looks like one of ours is taken for one.
      ...unknown(config ?? '', [...at, 'config']).filter(({ message }) =>
        /no \{(objects|upstreams|processes|redis|database)\./.test(message),
      ),
    ]
  })
}

function wrongRoutes(options: Options): Wrong[] {
  const routes = Object.keys(options.routes)
  const hosts = hostsOf(options)
  const noRoute = (route: string, path: Path) =>
    routes.includes(route)
      ? []
      : [{ path, message: `no route '${route}' in \`routes\`${suggestion(route, routes)}` }]
  const noProcess = (name: string, path: Path) =>
    hosts.processes.includes(name)
      ? []
      : [{ path, message: `no process '${name}'${suggestion(name, hosts.processes)}` }]
  const { offer } = options
  return [
    ...(offer.kind === 'http'
      ? [
          ...(offer.to in options.processes ? [] : noProcess(offer.to, ['offer', 'to'])),
          ...noRoute(offer.route, ['offer', 'route']),
        ]
      : []),
    ...Object.entries(options.upstreams).flatMap(([name, upstream]) => [
      ...Object.keys(upstream.routes).flatMap((r) => noRoute(r, ['upstreams', name, 'routes', r])),
      ...upstream.calls.flatMap((call, i) => {
        const at = ['upstreams', name, 'calls', i]
        return [
          ...noProcess(call.to, [...at, 'to']),
          ...noRoute(call.call, [...at, 'call']),
          ...(call.then === undefined ? [] : noRoute(call.then, [...at, 'then'])),
        ]
      }),
    ]),
    ...Object.entries(options.reports).flatMap(([name, { of, route }]) => [
      ...noProcess(of, ['reports', name, 'of']),
      ...noRoute(route, ['reports', name, 'route']),
    ]),
  ]
}

function wrongOutcomes(options: Options): Wrong[] {
  const { outcomes, routes, processes } = options
  const redis = uses(options).redis === undefined ? [] : REDIS_ROUTES
  const known: readonly string[] = [...STORE_ROUTES, ...Object.keys(routes), ...redis]
  const lines = Object.values(processes).flatMap((p) => Object.keys(p.lines))
  return outcomes.flatMap((rule, i): Wrong[] => {
    const at = ['outcomes', i]
    const never = (key: string, message: string) => [
      { path: [...at, key], message: `can never match: ${message}` },
    ]
    if (rule.fate === undefined && rule.class === undefined)
      return [
        { path: at, message: 'decides nothing: give it a `fate`, or a `class` for the cause' },
      ]
    if (rule.on === 'log' && !lines.includes(rule.line))
      return never('line', `no process has a line '${rule.line}'${suggestion(rule.line, lines)}`)
    if (rule.on !== 'reply') return []
    const after = Object.keys(rule.after ?? {}).find((route) => !known.includes(route))
    if (!known.includes(rule.route))
      return never('route', `no route '${rule.route}'${suggestion(rule.route, known)}`)
    const own = routes[rule.route]
    if (own !== undefined && own.key === undefined)
      return never(
        'route',
        `no \`key\` in \`routes.${rule.route}\` says which item a call is about`,
      )
    return after === undefined
      ? []
      : never('after', `no route '${after}'${suggestion(after, known)}`)
  })
}

/** A brace may be the message's own: only what looks like one of ours is taken for one. */
function wrongOffer({ offer, values }: Options): Wrong[] {
  const known = ['item', 'traceparent', ...Object.keys(values).map((name) => `values.${name}`)]
  const holes = new Set(holesIn(JSON.stringify(offer)))
  return [...holes]
    .filter((hole) => !known.includes(hole) && /^(values|objects|redis|upstreams)\./.test(hole))
    .map((hole) => ({
      path: ['offer'],
      message: `no {${hole}} for an item of the load${suggestion(hole, known)}`,
    }))
}
