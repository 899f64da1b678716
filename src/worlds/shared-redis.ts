// Redis as a queue between us and processes that are not ours: messages in the form in which those take them.
import type { Json } from '../base/json.ts'

/** What is sent, and where it goes. */
export type Message =
  /** RPUSH or LPUSH. */
  | {
      readonly to: 'list'
      readonly name: string
      readonly text: string
      readonly end: 'left' | 'right'
    }
  /** XADD. */
  | {
      readonly to: 'stream'
      readonly name: string
      readonly fields: Readonly<Record<string, string>>
    }
  /** A job of a BullMQ queue. */
  | {
      readonly to: 'bullmq'
      readonly name: string
      readonly prefix: string
      readonly job: string
      readonly data: Json
      readonly attempts: number
      /** W3C trace context: BullMQ's own telemetry reads it. */
      readonly traceparent: string
    }

export interface SharedRedis {
  /** `key`: what it is about. Throws `CallError`. */
  send(message: Message, about: { readonly key: string; readonly timeoutMs: number }): Promise<void>
}
