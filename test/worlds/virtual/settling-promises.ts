// Chains of promises, generators and microtasks that must settle at the instant that woke them.
import { type Check, numbered } from './settling.ts'

async function awaits(wake: () => Promise<void>, note: (what: string) => void, many: number) {
  await wake()
  for (let i = 1; i <= many; i++) {
    await null
    note(`${i}`)
  }
}

const returned = async (depth: number): Promise<string> =>
  depth === 0 ? 'innermost' : returned(depth - 1)

async function nested(depth: number): Promise<string> {
  if (depth === 0) return 'innermost'
  const never = new Promise<string>(() => {})
  const [inner] = await Promise.all([nested(depth - 1), Promise.resolve('beside')])
  return Promise.any([
    Promise.reject(new Error('lost')),
    Promise.race([never, Promise.resolve(inner)]),
  ])
}

async function* layers(depth: number): AsyncGenerator<string> {
  if (depth === 0) yield* ['a', 'b', 'c']
  else for await (const value of layers(depth - 1)) yield value
}

/** A thenable that is no promise, and resolves to another one. */
const foreign = (depth: number): PromiseLike<string> => ({
  // biome-ignore lint/suspicious/noThenProperty: a thenable is what is wanted
  then: (resolve, reject) =>
    depth === 0
      ? Promise.resolve('innermost').then(resolve, reject)
      : Promise.resolve(foreign(depth - 1)).then(resolve, reject),
})

async function failing(depth: number, note: (what: string) => void): Promise<never> {
  try {
    if (depth === 0) throw new Error('broken')
    return await failing(depth - 1, note)
  } finally {
    await null
    note(`finally ${depth}`)
  }
}

export const PROMISE_CHECKS: readonly Check[] = [
  {
    name: 'an await chain of 20',
    steps: numbered(20),
    chain: (wake, note) => awaits(wake, note, 20),
  },
  {
    name: 'an await chain of 200',
    steps: numbered(200),
    chain: (wake, note) => awaits(wake, note, 200),
  },
  {
    name: 'a promise returned through 20 async functions',
    steps: ['innermost'],
    async chain(wake, note) {
      await wake()
      note(await returned(20))
    },
  },
  {
    name: 'race, all and any nested 6 deep',
    steps: ['innermost'],
    async chain(wake, note) {
      await wake()
      note(await nested(6))
    },
  },
  {
    name: 'async generators nested 5 deep',
    steps: ['a', 'b', 'c'],
    async chain(wake, note) {
      await wake()
      for await (const value of layers(5)) note(value)
    },
  },
  {
    name: '1,000 thens',
    steps: ['1000'],
    async chain(wake, note) {
      let count = wake().then(() => 0)
      for (let i = 0; i < 1_000; i++) count = count.then((n) => n + 1)
      note(`${await count}`)
    },
  },
  {
    name: 'queueMicrotask 100 deep',
    steps: numbered(100),
    async chain(wake, note) {
      await wake()
      await new Promise<void>((resolve) => {
        const round = (i: number) => {
          note(`${i}`)
          if (i === 100) resolve()
          else queueMicrotask(() => round(i + 1))
        }
        queueMicrotask(() => round(1))
      })
    },
  },
  {
    name: 'foreign thenables 10 deep',
    steps: ['innermost'],
    async chain(wake, note) {
      await wake()
      note(await foreign(10))
    },
  },
  {
    name: 'a rejection through 10 finally blocks',
    steps: [...Array.from({ length: 11 }, (_, i) => `finally ${i}`), 'caught broken', 'rejected'],
    async chain(wake, note) {
      await wake()
      await failing(10, note).catch((error: Error) => note(`caught ${error.message}`))
      const [outcome] = await Promise.allSettled([failing(0, () => {})])
      note(outcome.status)
    },
  },
]
