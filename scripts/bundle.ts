// Joins the compiled modules into a few files, so that the program starts in half the time: a module each is what a
// start costs. dist/bundle mirrors dist/src, so what lies relative to a module still does.
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

const at = (path: string) => fileURLToPath(new URL(`../dist/${path}`, import.meta.url))

/** What is started or imported by its address: the program, the library, and what runs in threads and processes. */
const ENTRIES = [
  'cli/main',
  'index',
  'run/worker',
  'run/interposer',
  'worlds/real/remove-containers',
  'worlds/real/s3/serve',
]
/** Loaded only by the real world, and not made to be joined. */
const HEAVY = [
  ...['minio', 'testcontainers', 'undici', 'ioredis', 'pg', 'bullmq', 'autocannon', 'sharp'],
  ...['@peculiar/x509', 'reflect-metadata'],
  ...['ink', 'react'],
]

/** What every command loads. */
const BASE =
  /dist\/src\/base\/(assert|errors|left-threads|redact|suggest|units|version)|node_modules\/leven\//
/** What every run loads: one file, where sharing alone would make twenty. */
const CORE =
  /dist\/(mocks|src\/(base|metrics|verdict|faults|load|pipelines|worlds\/(virtual|store|[\w-]+\.js)))|node_modules\/(zod|picomatch)\//
/** Parts of Node that commander imports and that take long to load: the process is there already, children it needs none. */
const CHEAPER: Readonly<Record<string, string>> = {
  'node:process': 'export default globalThis.process',
  'node:child_process':
    "export default { spawn: (...of) => process.getBuiltinModule('node:child_process').spawn(...of) }",
}

/** Zod's messages in fifty languages, of which none but English is ever shown: a quarter of what a run would load. */
const LANGUAGES = /\/zod\/v4\/locales\/(index|en)\.js$/

const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((entry) => [entry, at(`src/${entry}.js`)])),
  platform: 'node',
  external: (id) => HEAVY.some((name) => id === name || id.startsWith(`${name}/`)),
  plugins: [
    {
      name: 'cheaper-builtins',
      resolveId: (id, importer) =>
        id in CHEAPER && importer?.includes('/commander/') ? `\0${id}` : null,
      load: (id) => CHEAPER[id.slice(1)] ?? null,
    },
    {
      name: 'one-language',
      load: (id) =>
        id.endsWith('/zod/v4/locales/index.js') ? "export { default as en } from './en.js'" : null,
      moduleParsed({ id }) {
        if (id.includes('/zod/v4/locales/') && !LANGUAGES.test(id))
          throw new Error(`${id}: is joined, though only English is ever shown`)
      },
    },
    {
      name: 'where-a-module-lay',
      transform(code, id) {
        if (!code.includes('import.meta.url')) return null
        const path = relative(at('src'), id)
        // Chunks and entries lie one folder deep.
        return code.replaceAll(
          'import.meta.url',
          `new URL(${JSON.stringify(`../${path}`)}, import.meta.url).href`,
        )
      },
      generateBundle(_, files) {
        const front = files['cli/main.js']
        if (front?.type === 'chunk' && front.imports.some((name) => name.includes('/core-')))
          throw new Error(
            `${front.fileName}: loads what runs need before it is known what is asked for`,
          )
        for (const { fileName, ...file } of Object.values(files))
          if ('code' in file && file.code.includes('import.meta.url') && !isOneDeep(fileName))
            throw new Error(
              `${fileName}: what lies relative to a module would not be found from here`,
            )
      },
    },
  ],
})
await bundle.write({
  dir: at('bundle'),
  format: 'esm',
  cleanDir: true,
  entryFileNames: '[name].js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  codeSplitting: {
    groups: [
      { name: 'base', test: BASE, priority: 2 },
      { name: 'core', test: CORE, priority: 1 },
    ],
  },
})
await bundle.close()

function isOneDeep(path: string): boolean {
  return path.split('/').length === 2
}
