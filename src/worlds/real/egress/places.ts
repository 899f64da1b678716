// Which upstream stands in for a host that a process asks for by a name of the world outside.

/** As a process asks for it: a name in lower case, and a port. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** `ark.cn-beijing.volces.com`, whatever the port, or `ark.cn-beijing.volces.com:8443`; to the name of an upstream. */
export type Names = Readonly<Record<string, string>>

/** `host:port`, the port with a default; undefined for what is neither. */
export function placeIn(text: string, defaultPort: number): Place | undefined {
  const url = URL.parse(`http://${text}`)
  if (url === null || url.hostname === '' || url.pathname !== '/') return undefined
  const [, said] = /:(\d+)$/.exec(text) ?? []
  const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  return { host, port: said === undefined ? defaultPort : Number(said) }
}

/** Its upstream; undefined where nobody declared it. */
export function standInFor({ host, port }: Place, names: Names): string | undefined {
  return names[`${host}:${port}`] ?? names[host]
}

/** The names alone, each once: what certificates are made for. */
export function bareNames(names: Names): string[] {
  return [...new Set(Object.keys(names).map((name) => name.replace(/:\d+$/, '')))]
}
