// What takes a server, a socket or a process, and mostly waits, stands apart, and so do incidents in full size:
// `npm run check` leaves both to `npm test`.
import { defineConfig } from 'vitest/config'

const REAL = [
  'test/ci/**',
  'test/cli/{against,bad-surroundings,celery,interrupt,killed-on-theirs,outside,own-kinds-real,ownership}.test.ts',
  'test/cli/{process,process-*,saturate,terminal,up}.test.ts',
  'test/contracts/**',
  'test/greens/on-the-wire.test.ts',
  'test/reporters/html-browser.test.ts',
  'test/worlds/real/**',
]
const FUZZED = ['test/fuzz/**']
const WHOLE = ['test/run/{incidents,heartbeats}.test.ts']
const named = (name: string, include: string[], exclude: string[] = []) => ({
  extends: true as const,
  test: { name, include: include.map((glob) => glob.replace(/\*\*$/, '**/*.test.ts')), exclude },
})

export default defineConfig({
  test: {
    testTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      named('virtual', ['test/**'], [...REAL, ...FUZZED, ...WHOLE]),
      named('whole', WHOLE),
      named('fuzz', FUZZED),
      named('real', REAL),
    ],
  },
})
