// Fuzzes: `npm run fuzz -- 10000 [seed] [pipeline.ts]` judges so many drawn scenarios, `npm run fuzz -- x.yaml [seed]` one.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import type { PipelineDefinition } from '../src/pipelines/pipeline.ts'
import { OwnModules } from '../src/scenario/own-kinds.ts'
import type { Case } from '../test/fuzz/cases.ts'
import { type Bag, hunt, told } from '../test/fuzz/hunt.ts'
import { Oracle } from '../test/fuzz/oracle.ts'

/** So many have one seed: what is found in them ends them, and the next seed goes on. */
const CHUNK = 1_000
/** A case that says nothing for so long hangs in a loop that no count of events sees. */
const SILENT_MS = 120_000

type Message = { readonly begins: Case } | { readonly bag: Bag; readonly seed: number }
interface Work {
  readonly cases: number
  readonly seed: number
  /** The module of a pipeline of one's own. */
  readonly pipeline?: string | undefined
}

if (!isMainThread) await work(workerData as Work)
else {
  const [what = '1000', seed = '1', pipeline] = process.argv.slice(2)
  process.exitCode = /^\d+$/.test(what)
    ? await supervise({ cases: Number(what), seed: Number(seed), pipeline })
    : await judgeFile(what, Number(seed))
}

async function work({ cases, seed: first, pipeline: file }: Work): Promise<void> {
  using oracle = new Oracle()
  const pipeline = file === undefined ? undefined : await pipelineIn(resolve(file))
  for (let done = 0, seed = first; done < cases; done += CHUNK, seed++) {
    const onCase = (begins: Case) => parentPort?.postMessage({ begins })
    const bag = await hunt(oracle, {
      seed,
      cases: Math.min(CHUNK, cases - done),
      pipeline,
      onCase,
    })
    parentPort?.postMessage({ bag, seed })
  }
}

async function pipelineIn(kind: string): Promise<PipelineDefinition> {
  const { kinds, problems } = await new OwnModules('/').of({ pipeline: { kind } })
  const [pipeline] = kinds.pipelines
  if (pipeline === undefined || problems.length > 0)
    throw new Error(problems.map(({ message }) => message).join('\n'))
  return pipeline
}

/** Watches over the work from outside, so that a loop without end is found as well. */
function supervise(order: Work): Promise<number> {
  const worker = new Worker(new URL(import.meta.url), { workerData: order })
  const sum = { ran: 0, refused: 0, 'too large': 0 }
  let [found, slowestMs, begunMs, hanging] = [
    0,
    0,
    performance.now(),
    undefined as Case | undefined,
  ]
  const spent = () => {
    slowestMs = Math.max(slowestMs, performance.now() - begunMs)
    begunMs = performance.now()
  }
  return new Promise((resolve) => {
    const finish = (code: number) => {
      clearInterval(watch)
      const all = sum.ran + sum.refused + sum['too large']
      console.log(
        `${all} scenarios: ${sum.ran} ran, ${sum.refused} refused, ${sum['too large']} too large to run here; ` +
          `${found} broke a rule; the slowest took ${(slowestMs / 1_000).toFixed(1)} s`,
      )
      resolve(code)
    }
    const watch = setInterval(() => {
      if (performance.now() - begunMs < SILENT_MS || hanging === undefined) return
      found++
      report({ one: hanging, faults: [`it hangs: nothing for ${SILENT_MS / 1_000} s`] })
      void worker.terminate().then(() => finish(1))
    }, 1_000)
    worker.on('error', (error) => {
      console.error(error)
      finish(1)
    })
    worker.on('exit', () => finish(found > 0 ? 1 : 0))
    worker.on('message', (message: Message) => {
      spent()
      if ('begins' in message) {
        hanging = message.begins
        return
      }
      const { bag, seed } = message
      for (const [outcome, count] of Object.entries(bag.outcomes))
        sum[outcome as keyof typeof sum] += count
      console.log(
        `seed ${seed}: ${JSON.stringify(bag.outcomes)}${bag.found ? ', and a finding:' : ''}`,
      )
      if (bag.found === undefined) return
      found++
      report(bag.found)
    })
  })
}

/** A counterexample is left where it can be looked at, and judged again. */
function report(found: NonNullable<Bag['found']>): void {
  const { one } = found
  const folder = join('reports', 'fuzz', `${Date.now()}`)
  mkdirSync(folder, { recursive: true })
  for (const [name, text] of Object.entries(one.files)) writeFileSync(join(folder, name), text)
  console.log(told(found, `npm run fuzz -- ${join(folder, one.name)} ${one.seed}`))
}

/** With all the data files beside it, and every check there is. */
async function judgeFile(file: string, seed: number): Promise<number> {
  const folder = dirname(file)
  const beside = readdirSync(folder).filter((name) => statSync(join(folder, name)).isFile())
  const files = Object.fromEntries(
    beside.map((name) => [name, readFileSync(join(folder, name), 'utf8')]),
  )
  using oracle = new Oracle()
  const one = { name: basename(file), files, seed, isSound: false }
  const { outcome, faults } = await oracle.judge(one, 'every check')
  console.log([...faults, `${file}: ${outcome}, ${faults.length} rules broken`].join('\n'))
  return faults.length === 0 ? 0 : 1
}
