// A host's end of a queue on BullMQ: adds jobs, and takes them as its consumers are told to acknowledge them.
import type { ConsumeOptions, HandleJob, JobOptions, JobQueue, Json } from '../../world.ts'
import { consumeEarly } from './early.ts'
import type { HostRedis } from './host-redis.ts'
import { bullOptions, newJob, type StoredJob } from './job.ts'
import { consumeLate } from './late.ts'
import type { QueueMeter } from './meter.ts'

export class RealQueue implements JobQueue {
  readonly name: string
  readonly host: HostRedis
  readonly meter: QueueMeter

  constructor(host: HostRedis, name: string) {
    this.host = host
    this.name = name
    this.meter = host.setup.meter(name)
  }

  async add(data: Json, options: JobOptions): Promise<void> {
    await this.enqueue(newJob(data, options), 0, options.timeoutMs)
  }

  async enqueue(job: StoredJob, delayMs: number, timeoutMs?: number): Promise<void> {
    const { key } = job
    const send = async () => {
      this.meter.adding(key)
      try {
        const queue = await this.host.producer(this.name)
        const wallMs = delayMs === 0 ? 0 : this.host.wallMs(delayMs)
        await queue.add('job', job, bullOptions(job, wallMs))
      } catch (error) {
        this.meter.notAdded(key)
        throw error
      }
      // However late the answer is: the job is there.
      this.meter.added(key, delayMs)
    }
    await this.host.calls.make({ route: 'enqueue', key, timeoutMs, send })
  }

  consume(handle: HandleJob, options: ConsumeOptions): Disposable {
    return options.acknowledge === 'late'
      ? consumeLate(this, handle, options)
      : consumeEarly(this, handle, options)
  }
}
