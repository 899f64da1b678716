// Named routes and the paths they stand for: which call is which, and where it says what it is about.
import { type CallKey, callKey } from '../call-key.ts'
import type { Headers, Json } from '../world.ts'

/** As the pipeline declares it. */
export interface RouteSpec {
  readonly method: string
  /** `/heartbeat/:id`; a query is sent as it stands. */
  readonly path: string
  /** `body.image_path`, `params.id`, `headers.x-request-id`. */
  readonly key?: string
}

export interface PathMatch {
  readonly route: string
  readonly params: Readonly<Record<string, string>>
}

interface Compiled {
  readonly route: string
  readonly method: string
  readonly pattern: RegExp
  readonly names: readonly string[]
  readonly spec: RouteSpec
  readonly keyOf: CallKey
}

export class Routes {
  readonly #all: readonly Compiled[]

  constructor(specs: Readonly<Record<string, RouteSpec>>) {
    this.#all = Object.entries(specs).map(([route, spec]) => {
      const names: string[] = []
      // What a query says tells nothing about the route.
      const [path = ''] = spec.path.split('?')
      const pattern = path
        .split('/')
        .map((part) => {
          if (!part.startsWith(':')) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
          names.push(part.slice(1))
          return '([^/]+)'
        })
        .join('/')
      return {
        route,
        method: spec.method,
        pattern: new RegExp(`^${pattern}$`),
        names,
        spec,
        keyOf: callKey(spec.key),
      }
    })
  }

  match(method: string, path: string): PathMatch | undefined {
    for (const { route, method: its, pattern, names } of this.#all) {
      if (its !== method) continue
      const found = pattern.exec(path)
      if (found === null) continue
      return {
        route,
        params: Object.fromEntries(names.map((name, i) => [name, decoded(found[i + 1] ?? '')])),
      }
    }
    return undefined
  }

  spec(route: string): RouteSpec | undefined {
    return this.#all.find((one) => one.route === route)?.spec
  }

  /** The path of a route with its parameters filled in. */
  path(route: string, params: Readonly<Record<string, string>> = {}): string {
    const { path } = this.spec(route) ?? { path: `/${route}` }
    return path.replaceAll(/:([^/]+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  }

  /** What a call is about, or an empty text. */
  keyOf(
    route: string,
    params: Readonly<Record<string, string>>,
    body: Json,
    headers: Headers,
  ): string {
    return this.#all.find((one) => one.route === route)?.keyOf(params, body, headers) ?? ''
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
