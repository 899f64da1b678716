// What a process' command, environment and config file may name: where it listens, and where it finds the rest.

const OWN = {
  port: 'where it must listen, on 127.0.0.1',
  name: 'its own name, of several copies with a number',
  'config.file': 'the file that its `config` was written to',
  'ca.file': "the run's certificate authority, in PEM",
  'proxy.url': 'its way to hosts of the world outside; also `proxy.host`, `proxy.port`',
  'proxy.host': '',
  'proxy.port': '',
  'objects.endpoint': 'the object store: http://127.0.0.1:…',
  'objects.host': 'the same without http://',
  'objects.accessKey': '',
  'objects.secretKey': '',
  'objects.bucket': "the run's own bucket, which is there",
  'objects.region': '',
}

const PARTS = {
  'redis.url': 'a Redis: redis://…; naming it has one started',
  'redis.host': '',
  'redis.port': '',
  'redis.password': '',
  'redis.db': '',
  'database.url': 'a PostgreSQL: postgresql://…; naming it has one started',
  'database.host': '',
  'database.port': '',
  'database.user': '',
  'database.password': '',
  'database.name': '',
}

/** By name, what each is; empty: as its name says. */
export const TEMPLATES: readonly (readonly [name: string, help: string])[] = [
  ...Object.entries({ ...OWN, ...PARTS }),
  ['upstreams.<name>.url', 'a stand-in, or one of its copies: `{upstreams.model.url}`'],
  ['processes.<name>.url', 'another process, or one of its copies'],
]

export function templatesFor(processes: readonly string[], upstreams: readonly string[]): string[] {
  return [
    ...Object.keys({ ...OWN, ...PARTS }),
    ...processes.map((name) => `processes.${name}.url`),
    ...upstreams.map((name) => `upstreams.${name}.url`),
  ]
}
