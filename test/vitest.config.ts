// What takes a server, a socket or a process, and mostly waits, stands apart, and so do incidents in full size:
// `npm run check` leaves both to `npm test`.
import { defineConfig } from 'vitest/config'

const REAL = [
  'test/ci/**',
  'test/cli/{against,bad-surroundings,bind-bridge,celery,interrupt,killed-on-theirs,outside,own-kinds-real,ownership}.test.ts',
  'test/cli/{process,process-*,saturate,terminal,up}.test.ts',
  'test/contracts/**',
  'test/greens/on-the-wire.test.ts',
  'test/reporters/html-browser.test.ts',
  'test/worlds/real/**',
]
const FUZZED = ['test/fuzz/**']
const WHOLE = ['test/run/{incidents,heartbeats}.test.ts']
const named = (name: string, include: string[], exclude: string[] = [], isolate = true) => ({
  extends: true as const,
  test: {
    name,
    include: include.map((glob) => glob.replace(/\*\*$/, '**/*.test.ts')),
    exclude,
    isolate,
  },
})

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      // No module keeps any state: its tests may share what they have loaded, which saves a fifth of their time.
      named('virtual', ['test/**'], [...REAL, ...FUZZED, ...WHOLE], false),
      named('whole', WHOLE),
      named('fuzz', FUZZED),
      named('real', REAL),
    ],
  },
})
