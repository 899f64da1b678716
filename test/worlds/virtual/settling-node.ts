// Chains through Node's own ticks, events, streams and contexts that must settle at their instant.
import { AsyncLocalStorage } from 'node:async_hooks'
import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import { type Check, numbered } from './settling.ts'

const nextTick = () => new Promise<void>((resolve) => process.nextTick(resolve))

export const NODE_CHECKS: readonly Check[] = [
  {
    name: 'an AbortSignal and events.once',
    steps: ['done 7', 'aborted', 'AbortError'],
    async chain(wake, note) {
      await wake()
      const [emitter, controller] = [new EventEmitter(), new AbortController()]
      const refused = once(emitter, 'never', { signal: controller.signal })
      const aborted = once(controller.signal, 'abort')
      queueMicrotask(() => emitter.emit('done', 7))
      note(`done ${(await once(emitter, 'done'))[0]}`)
      controller.abort()
      await aborted
      note('aborted')
      await refused.catch((error: Error) => note(error.name))
    },
  },
  {
    name: 'a process.nextTick',
    steps: ['ticked'],
    async chain(wake, note) {
      await wake()
      await nextTick()
      note('ticked')
    },
  },
  {
    name: 'process.nextTick and await by turns, 20 times',
    steps: numbered(20),
    async chain(wake, note) {
      await wake()
      for (let i = 1; i <= 20; i++) {
        await nextTick()
        await null
        note(`${i}`)
      }
    },
  },
  {
    name: 'a PassThrough stream',
    steps: ['read abc'],
    async chain(wake, note) {
      await wake()
      const [first, second] = [new PassThrough(), new PassThrough()]
      first.pipe(second)
      first.write('ab')
      first.end('c')
      let text = ''
      for await (const chunk of second) text += chunk
      note(`read ${text}`)
    },
  },
  {
    name: 'AsyncLocalStorage',
    // Two timers of one instant: what the first woke settles before the second fires.
    steps: ['one', 'one still', 'two', 'two still', 'outside undefined'],
    async chain(wake, note) {
      const storage = new AsyncLocalStorage<string>()
      const task = async () => {
        await wake()
        note(`${storage.getStore()}`)
        await nextTick()
        note(`${storage.getStore()} still`)
      }
      await Promise.all(['one', 'two'].map((name) => storage.run(name, task)))
      note(`outside ${storage.getStore()}`)
    },
  },
]
