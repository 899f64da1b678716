// Both worlds side by side: `npm run fidelity` runs every bundled scenario's brief in the two, on a real MinIO.
//
//   npm run fidelity                                   all, one seed, ten times as fast as the wall
//   npm run fidelity -- delete-race steady --seeds 3   these, seeds 1 to 3
//   npm run fidelity -- heartbeat-loss.baseline        one variant
//   npm run fidelity -- --ci                           three scenarios, a baseline and a fix each, in about four minutes
//
// A variant that could not keep up, or differs, is tried once more at a quarter of the speed: what real calls take by
// themselves is a quarter as much there, and a difference that goes with it was its. Exit code 0: the worlds agree; 99: they
// differ somewhere; 111: something stayed inconclusive; 110: no MinIO.
import { parseArgs } from 'node:util'
import { columns } from '../dist/src/reporters/text.js'
import { findBinary } from '../dist/src/worlds/real/find-binary.js'
import { type Compared, compare } from './fidelity/compare.ts'
import { type Job, planOf } from './fidelity/plan.ts'
import { RECORD_FILE, record } from './fidelity/record.ts'

/** A baseline and a fix each: clocks, the wire, and the hosts. */
const FOR_CI = [
  'presign-clock-skew.baseline',
  'presign-clock-skew.expiry24h',
  'reply-cancelled.baseline',
  'reply-cancelled.readBody',
  'heartbeat-loss.baseline',
  'heartbeat-loss.holdWhenNoService',
]

const SLOWER = 4
/** Of a run beside its load: the virtual run, starting, settling. */
const AROUND_A_RUN_MS = 4_000

const { values, positionals } = argumentsGiven()
const [seed, seeds, speed] = [Number(values.seed), Number(values.seeds), Number(values.speed)]
if (![seed, seeds, speed].every((n) => n > 0))
  refuse(new Error('--seed, --seeds and --speed want numbers above 0'))
const minio = findBinary(['minio'], process.env)
if (values.ci && minio === undefined) {
  console.error('fidelity: --ci wants MinIO itself, and there is no minio on PATH')
  process.exit(110)
}
const objects = values.objects ?? (minio === undefined ? 'container' : 'binary')
if (objects === 'embedded')
  refuse(new Error('the embedded store is our own: it proves nothing about MinIO'))

const { jobs, refused } = await planOf(values.ci ? FOR_CI : positionals, speed).catch(refuse)
const runs = jobs.reduce((sum, { variants }) => sum + variants.length, 0) * seeds
const totalMs =
  runs * AROUND_A_RUN_MS + jobs.reduce((sum, { loadMs }) => sum + (loadMs / speed) * seeds, 0)
console.log(
  `${jobs.length} scenarios, ${runs} runs in each world at --speed ${speed}, seeds ${seed} to ${seed + seeds - 1}: about ${Math.ceil(totalMs / 60_000)} min`,
)
for (const same of Map.groupBy(refused, ({ scenario, why }) => `${scenario} ${why}`).values())
  console.log(
    `refused: ${same[0]?.scenario}, ${same.map(({ variant }) => variant).join(', ')}: ${same[0]?.why}`,
  )

const isRecorded = !values.ci && !values['no-record']
const known = isRecorded ? await namesKnown() : []
const all: Compared[] = []
let trouble = false
for (const job of jobs)
  try {
    const found = await compareJob(job)
    all.push(...found)
    // After each: whoever ends it keeps what was compared so far.
    if (isRecorded) record(found, (scenario, variant) => known.includes(`${scenario}.${variant}`))
  } catch (error) {
    trouble = true
    console.error(`${job.scenario}: ${(error as Error).message}`)
    if ((error as Error).message === 'interrupted') break
  }
if (isRecorded && all.length > 0) console.log(`written: ${RECORD_FILE}`)
console.log(`\n${table(all).join('\n')}`)
process.exitCode = exitCode()

function argumentsGiven() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        seed: { type: 'string', default: '1' },
        seeds: { type: 'string', default: '1' },
        speed: { type: 'string', default: '10' },
        objects: { type: 'string' },
        ci: { type: 'boolean', default: false },
        'no-record': { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return refuse(error as Error)
  }
}

function refuse({ message }: Error): never {
  console.error(`fidelity: ${message}`)
  process.exit(104)
}

async function namesKnown(): Promise<readonly string[]> {
  const { jobs: possible, refused: impossible } = await planOf([], speed)
  return [
    ...possible.flatMap(({ scenario, variants }) => variants.map((v) => `${scenario}.${v}`)),
    ...impossible.map(({ scenario, variant }) => `${scenario}.${variant}`),
  ]
}

async function compareJob({ file, variants }: Job): Promise<Compared[]> {
  const order = { file, seed, seeds, objects }
  const found = await compare({ ...order, variants, speed })
  const slow = found.filter(({ agrees }) => agrees !== true).map(({ variant }) => variant)
  for (const one of found)
    if (one.agrees !== true) console.log(`${lineOf(one)}; once more at --speed ${speed / SLOWER}`)
  const again =
    slow.length === 0 ? [] : await compare({ ...order, variants: slow, speed: speed / SLOWER })
  const best = found.map((one) => again.find(({ variant }) => variant === one.variant) ?? one)
  for (const one of best) console.log(lineOf(one))
  return best
}

function lineOf(one: Compared): string {
  const said = one.agrees === null ? 'inconclusive' : one.agrees ? 'equal' : 'DIFFERENT'
  return `${one.scenario}.${one.variant}: ${[said, ...one.reasons].join('; ')}`
}

function table(compared: readonly Compared[]): string[] {
  const heading = ['scenario.variant', 'speed', 'seeds', 'verdicts', 'failures ≥ 1 %', 'why']
  const mark = (one: Compared, isEqual: boolean) =>
    one.agrees === null ? '?' : isEqual ? 'equal' : 'DIFFERENT'
  const rows = compared.map((one) => [
    `${one.scenario}.${one.variant}`,
    `×${one.environment?.speed ?? speed}`,
    one.seeds.join(' '),
    mark(one, one.verdictsEqual),
    mark(one, one.sharesEqual),
    one.reasons[0] ?? rare(one),
  ])
  const count = (agrees: boolean | null) => compared.filter((c) => c.agrees === agrees).length
  return [
    ...columns([heading, ...rows]),
    '',
    `${count(true)} equal, ${count(false)} different, ${count(null)} inconclusive, ${refused.length} refused`,
  ]
}

function rare({ classes }: Compared): string {
  const few = classes.filter(({ agrees }) => agrees === null)
  const percent = (share: number) => `${(100 * share).toFixed(2)} %`
  return few.map((c) => `rare: ${c.cause} ${percent(c.virtual)}, ${percent(c.real)}`).join('; ')
}

function exitCode(): number {
  if (all.some(({ agrees }) => agrees === false)) return 99
  if (trouble) return 110
  return all.some(({ agrees }) => agrees === null) ? 111 : 0
}
