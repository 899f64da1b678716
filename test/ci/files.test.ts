// The ready files for CI: they parse, what they run and name exists, and the action's script does what it says.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { PROGRAM } from '../cli/aftershock.ts'
import { Folder, RIGHT } from '../scenario/reading.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILES = [
  'action.yml',
  '.github/workflows/gate.yml',
  '.gitlab-ci.yml',
  'Jenkinsfile',
  'Dockerfile',
] as const
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8')

interface Action {
  readonly inputs: Readonly<Record<string, unknown>>
  readonly outputs: Readonly<Record<string, { readonly value: string }>>
  readonly runs: { readonly steps: readonly { id?: string; run?: string; uses?: string }[] }
}
const action = parse(read('action.yml')) as Action

describe.each(FILES)('%s', (file) => {
  test('names only flags and files that are there', () => {
    const help = execFileSync(process.execPath, [PROGRAM, 'run', '--help'], { encoding: 'utf8' })
    const known = new Set(help.match(/--[a-z][a-z-]*/g))
    const text = read(file).replaceAll(/^\s*(#|\/\/).*$/gm, '')
    const flags =
      text.match(/(?<=\s)--(?!(from|rm|no-audit|no-fund|omit|ignore-scripts)\b)[a-z][a-z-]*/g) ?? []
    expect(flags.filter((flag) => !known.has(flag))).toEqual([])
    const scenarios = text.match(/scenarios\/[\w/-]+\.\w+/g) ?? []
    expect(scenarios.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
    const program = text.match(/dist\/bundle\/[\w/]+\.js/g) ?? []
    expect(program.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  })
})

test('GitLab runs again only what did not start, and keeps the reports', () => {
  const { incidents } = parse(read('.gitlab-ci.yml'))
  expect(incidents).toMatchObject({
    retry: { exit_codes: [110] },
    artifacts: { when: 'always', paths: ['reports/'], reports: { junit: 'aftershock-junit.xml' } },
  })
  expect(incidents.script.at(-1)).toContain('junit=aftershock-junit.xml')
})

test('Jenkins runs again only what did not start, and reads the testcases that are written', () => {
  const text = read('Jenkinsfile')
  expect(text.match(/status == \d+/g)).toEqual(['status == 110'])
  expect(text.match(/aftershock-junit\.xml/g)).toHaveLength(2)
  for (const [open, close] of ['{}', '()', '[]'])
    expect(text.split(open ?? '').length).toBe(text.split(close ?? '').length)
})

test("the workflow uses the action's inputs and outputs", () => {
  const { jobs } = parse(read('.github/workflows/gate.yml'))
  const step = jobs.incidents.steps.find(({ uses }: { uses?: string }) => uses === './')
  expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)))
  const outputs = read('.github/workflows/gate.yml').match(/steps\.aftershock\.outputs\.([\w-]+)/)
  expect(Object.keys(action.outputs)).toContain(outputs?.[1])
})

test('the image copies what is there, and all that the build needs', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(
    ([, what = '']) => what.split(' '),
  )
  expect(copied.filter((path) => !existsSync(join(ROOT, path)))).toEqual([])
  const { include } = JSON.parse(read('tsconfig.json')) as { include: string[] }
  expect(copied).toEqual(expect.arrayContaining([...include, 'scripts', 'scenarios']))
})

describe("the action's script", () => {
  const script = action.runs.steps.find(({ id }) => id === 'gate')?.run ?? ''

  const environment = (folder: string, flags: string) => ({
    PATH: `${fileURLToPath(new URL('../../node_modules/.bin', import.meta.url))}:${process.env.PATH}`,
    PROGRAM,
    FILES: 'a b.yaml\n',
    FLAGS: flags,
    RUNNER_TEMP: folder,
    GITHUB_OUTPUT: join(folder, 'out'),
    GITHUB_STEP_SUMMARY: join(folder, 'step.md'),
    GITHUB_ACTIONS: 'true',
  })

  function ran(text: string, flags = '') {
    using folder = new Folder({ 'a b.yaml': text })
    const [out, step] = [join(folder.path, 'out'), join(folder.path, 'step.md')]
    writeFileSync(out, '')
    const { status, stdout } = spawnSync('bash', ['-eo', 'pipefail', '-c', script], {
      cwd: folder.path,
      encoding: 'utf8',
      env: environment(folder.path, flags),
    })
    return {
      status,
      outputs: readFileSync(out, 'utf8').trimEnd().split('\n'),
      annotations: stdout.split('\n').filter((line) => line.startsWith('::error')).length,
      hasStep: existsSync(step),
      hasReports: existsSync(join(folder.path, 'reports', 'x', 'latest', 'report.html')),
    }
  }

  test.each([
    ['rate<0.01', '', 0, 'pass', 0, true],
    ['rate>0.5', '', 99, 'fail', 1, true],
    ['rate<0.01', '--seeds=2\n--no-out-dir\n', 0, 'pass', 0, false],
  ])('with %s and %j', (limit, flags, status, verdict, annotations, hasReports) => {
    expect(ran(`${RIGHT}thresholds: {item_lost: [${limit}]}\n`, flags)).toEqual({
      status,
      outputs: [`verdict=${verdict}`, `exit-code=${status}`],
      annotations,
      hasStep: true,
      hasReports,
    })
  })

  test('of a scenario that is none says error', () => {
    expect(ran('{')).toMatchObject({ status: 104, outputs: ['verdict=error', 'exit-code=104'] })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    'of a job that is cancelled by %s reports what was measured',
    { timeout: 60_000 },
    async (signal) => {
      using folder = new Folder({
        'a b.yaml': `${RIGHT.replace('for: 1m', 'for: 300d')}thresholds: {item_lost: [rate<0.01]}\n`,
      })
      const child = spawn('bash', ['-eo', 'pipefail', '-c', script], {
        cwd: folder.path,
        env: environment(folder.path, '--events=events'),
        stdio: 'ignore',
      })
      await vi.waitUntil(() => existsSync(join(folder.path, 'events')), { timeout: 30_000 })
      child.kill(signal)
      const [status] = await once(child, 'exit')
      expect(status).toBe(105)
      expect(readFileSync(join(folder.path, 'out'), 'utf8')).toBe(
        'verdict=inconclusive\nexit-code=105\n',
      )
      expect(readFileSync(join(folder.path, 'step.md'), 'utf8')).toContain('interrupted')
      expect(existsSync(join(folder.path, 'reports', 'x', 'latest', 'report.html'))).toBe(true)
    },
  )
})
