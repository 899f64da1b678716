// Catches code of a user's module that reaches out of the virtual world: a real clock, timer, socket, file or chance.
import { syncBuiltinESMExports } from 'node:module'
import { AftershockError, ExitCode } from '../../base/errors.ts'
import { allExits, type Exit } from './exits.ts'

/** A user's module in a stack, as its loader marks it. */
const FRAME = /((?:file:\/\/)?\/[^()\s]+)\?aftershock=\d+:(\d+):(\d+)/
/** Deep enough to see who called a library that called the exit. */
const FRAMES = 40

/**
 * While held, every exit that is called by a user's module, however far below it in the stack, fails there and is
 * told to `onLeak`; whoever else uses them, such as what draws the progress of a run, has them as they are.
 */
export function guardExits(onLeak: (error: AftershockError) => void): Disposable {
  const undo = allExits().map((exit) => replace(exit, onLeak))
  syncBuiltinESMExports()
  return {
    [Symbol.dispose]() {
      for (const restore of undo.reverse()) restore()
      syncBuiltinESMExports()
    },
  }
}

function replace(exit: Exit, onLeak: (error: AftershockError) => void): () => void {
  const { on, name } = exit
  const known = Object.getOwnPropertyDescriptor(on, name)
  const original: unknown = Reflect.get(on, name)
  if (typeof original !== 'function') return () => {}
  const check = () => {
    const place = placeOfUser()
    if (place === undefined) return
    const error = leak(place, exit)
    onLeak(error)
    throw error
  }
  const value = exit.name === 'Date' ? guardedDate(original, check) : guarded(original, check)
  Object.defineProperty(on, name, { configurable: true, writable: true, enumerable: true, value })
  return () => {
    if (known === undefined) Reflect.deleteProperty(on, name)
    else Object.defineProperty(on, name, known)
  }
}

function guarded(original: object, check: () => void): unknown {
  return new Proxy(original, {
    apply(target, self, args) {
      check()
      return Reflect.apply(target as never, self, args)
    },
    construct(target, args, newTarget) {
      check()
      return Reflect.construct(target as never, args, newTarget as never) as object
    },
  })
}

/** A date that is given its time is as good as a number. */
function guardedDate(original: object, check: () => void): unknown {
  return new Proxy(original, {
    apply(target, self, args) {
      check()
      return Reflect.apply(target as never, self, args)
    },
    construct(target, args, newTarget) {
      if (args.length === 0) check()
      return Reflect.construct(target as never, args, newTarget as never) as object
    },
    get(target, name, receiver) {
      const member: unknown = Reflect.get(target, name, receiver)
      return name === 'now' ? guarded(member as object, check) : member
    },
  })
}

function placeOfUser(): string | undefined {
  const usual = Error.stackTraceLimit
  Error.stackTraceLimit = FRAMES
  const { stack = '' } = new Error('where from')
  Error.stackTraceLimit = usual
  const [, url, line, column] = FRAME.exec(stack) ?? []
  return url === undefined
    ? undefined
    : `${decodeURI(url.replace('file://', ''))}:${line}:${column}`
}

function leak(place: string, { says, instead }: Exit): AftershockError {
  return new AftershockError(
    'leak',
    `${place}: ${says} reaches out of the virtual world, where a run must depend on its seed alone`,
    { exitCode: ExitCode.userCode, hint: `Use ${instead}.` },
  )
}
