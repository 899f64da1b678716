// Puts messages into Redis as processes that are not ours take them: lists, streams, BullMQ's queues.
import type { Queue } from 'bullmq'
import type { Message, SharedRedis } from '../../world.ts'
import type { HostRedis } from './host-redis.ts'

export function sharedRedis(host: HostRedis): SharedRedis {
  return {
    send: (message, { key, timeoutMs }) =>
      host.calls.make({ route: 'enqueue', key, timeoutMs, send: () => put(host, message) }),
  }
}

async function put(host: HostRedis, message: Message): Promise<void> {
  const { client, queues } = await host.connected()
  switch (message.to) {
    case 'list': {
      const { name, text, end } = message
      await (end === 'left' ? client.lpush(name, text) : client.rpush(name, text))
      return
    }
    case 'stream':
      await client.xadd(message.name, '*', ...Object.entries(message.fields).flat())
      return
    case 'bullmq': {
      const { job, data, attempts, traceparent } = message
      await queueOf(host, queues, message).add(job, data, {
        attempts,
        // No date of ours: what is asked for at once is due at once.
        telemetry: { metadata: JSON.stringify({ traceparent }) },
      })
    }
  }
}

function queueOf(
  host: HostRedis,
  queues: Map<string, Queue>,
  { name, prefix }: { readonly name: string; readonly prefix: string },
): Queue {
  const key = `${prefix}:${name}`
  const queue = queues.get(key) ?? host.openQueue(name, prefix)
  queues.set(key, queue)
  return queue
}
