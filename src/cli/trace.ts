// `aftershock trace`: runs one variant with one seed again and prints the life of one item.
import { BadInputError, ExitCode } from '../base/errors.ts'
import { redact } from '../base/redact.ts'
import type { FateEvent, RunEvent } from '../metrics/history.ts'
import { FATES } from '../metrics/outcomes.ts'
import { renderLife } from '../reporters/life.ts'
import { painter } from '../reporters/text.ts'
import { runOnce } from '../run/run.ts'
import { pipelineOf } from '../scenario/schema.ts'
import { type Environment, usageError } from './complain.ts'
import { isPlain } from './destinations.ts'
import type { Flags } from './flags.ts'
import { ordersOf } from './orders.ts'

const PLAIN_WIDTH = 140
/** Any of these is the first item that ends so. */
const ENDS: readonly string[] = ['lost', ...FATES.filter((fate) => fate !== 'pending')]

export async function trace(
  wanted: string,
  file: string,
  flags: Flags,
  environment: Environment,
): Promise<ExitCode> {
  const [order] = await ordersOf([file], flags)
  const [variant] = order?.variants ?? []
  if (order === undefined || variant === undefined) throw usageError('--variant names none')
  const scenario = order.scenario.resolve(variant, flags.brief)
  const album = albumOf(wanted, (key) => pipelineOf(scenario).itemOf(key))
  const run = { file, variant, brief: flags.brief, seed: flags.seed }
  await runOnce({
    ...run,
    scenario,
    wallMs: () => 0,
    observer: (event) => album.see(event),
  })
  const events = album.found()
  if (events.length === 0) throw notFound(wanted, file, album.offered)
  const plain = isPlain(flags, environment)
  const lines = renderLife(events, {
    title: `${order.scenario.name} · ${variant}${flags.brief ? ' · brief' : ''} · seed ${flags.seed}`,
    width: process.stdout.columns ?? PLAIN_WIDTH,
    paint: painter(!plain),
  })
  process.stdout.write(redact(`${lines.join('\n')}\n`))
  return ExitCode.pass
}

function notFound(wanted: string, file: string, offered: number): BadInputError {
  const isEnd = ENDS.includes(wanted)
  return new BadInputError(
    isEnd
      ? `${file}: no item of this run is ${wanted}, of ${offered} offered`
      : `${file}: no item '${wanted}' in this run, which offers ${offered}; write a key, a number from 0, or ${ENDS.join(', ')}`,
  )
}

interface Album {
  readonly offered: number
  see(event: RunEvent): void
  /** In order; faults that began or ended while the item was there stand among them. */
  found(): readonly RunEvent[]
}

function albumOf(wanted: string, itemOf: (key: string) => number): Album {
  const index = /^\d+$/.test(wanted) ? Number(wanted) : itemOf(wanted)
  return ENDS.includes(wanted) ? new FirstThat(wanted) : new One(index)
}

/** Keeps what is about one item. */
class One implements Album {
  offered = 0
  readonly #index: number
  readonly #events: RunEvent[] = []
  readonly #faults: RunEvent[] = []

  constructor(index: number) {
    this.#index = index
  }

  see(event: RunEvent): void {
    if (event.event === 'offer') this.offered++
    if ('fault' in event) this.#faults.push(event)
    else if (event.item === this.#index) this.#events.push(event)
  }

  found(): readonly RunEvent[] {
    return withFaults(this.#events, this.#faults)
  }
}

/** Keeps what is about every item that is still open, until one ends as wanted. */
class FirstThat implements Album {
  offered = 0
  readonly #wanted: string
  readonly #open = new Map<number, RunEvent[]>()
  readonly #faults: RunEvent[] = []
  #found: number | undefined

  constructor(wanted: string) {
    this.#wanted = wanted
  }

  see(event: RunEvent): void {
    if ('fault' in event) {
      this.#faults.push(event)
      return
    }
    if (event.event === 'offer') this.offered++
    const { item } = event
    if (item === undefined || (this.#found !== undefined && item !== this.#found)) return
    if (event.event === 'offer') this.#open.set(item, [])
    this.#open.get(item)?.push(event)
    if (event.event !== 'fate' || this.#found !== undefined) return
    if (this.#isWanted(event)) this.#found = item
    else this.#open.delete(item)
  }

  #isWanted({ fate }: FateEvent): boolean {
    return this.#wanted === 'lost' ? fate !== 'succeeded' : fate === this.#wanted
  }

  found(): readonly RunEvent[] {
    if (this.#found === undefined) return []
    return withFaults(this.#open.get(this.#found) ?? [], this.#faults)
  }
}

function withFaults(events: readonly RunEvent[], faults: readonly RunEvent[]): RunEvent[] {
  const [from, to] = [events[0]?.atMs ?? 0, events.at(-1)?.atMs ?? 0]
  const during = faults.filter((fault) => fault.atMs >= from && fault.atMs <= to)
  return [...events, ...during].sort((a, b) => a.atMs - b.atMs)
}
