#!/usr/bin/env node
// The command line's front door: checks the runtime, loads the rest, and is the only place that ends the process.
import module from 'node:module'
import { endWithoutThreads } from '../base/left-threads.ts'

const NEEDED = [22, 22] as const
const CLOSED = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED']

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < NEEDED[0] || (major === NEEDED[0] && minor < NEEDED[1])) {
  process.stderr.write(
    `aftershock needs Node ${NEEDED.join('.')} or newer; this is ${process.versions.node}.\n` +
      'In a checkout, npm scripts bring their own: npm start -- run <file>\n',
  )
  process.exitCode = 110
} else {
  module.enableCompileCache()
  surviveClosedPipes()
  silenceNoise()
  const end = endOnlyHere()
  const { complain, main } = await import('./program.ts')
  process.on('uncaughtException', (error) => end(complain(error, process.env)))
  const code = await main(process.argv.slice(2), process.env)
  // Whatever a scenario's module left running must not keep the process; what was written must still arrive.
  process.stdout.write('', () => process.stderr.write('', () => end(code)))
}

/** Ends the process. Whoever else does, with whatever code, ends runs that nobody has judged. */
function endOnlyHere(): (code: number) => void {
  const guard = (status: number) => {
    // Node's own, for a promise that nothing will settle any more.
    if (status === 13) return
    process.stderr.write(
      `aftershock: process.exit(${status}) was called before the end, by a scenario's module or what it imports\n`,
    )
    process.exitCode = 107
  }
  process.on('exit', guard)
  return (code) => {
    process.off('exit', guard)
    endWithoutThreads(code)
    process.exit(code)
  }
}

/** `aftershock list | head -1` closes the pipe early, as a terminal does that goes away: the rest is not wanted. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (!CLOSED.includes(error.code ?? '')) throw error
    })
}

/** That Node calls what it does with a scenario experimental, or slow, is nothing its writer can act on. */
function silenceNoise(): void {
  const usual = process.listeners('warning')
  process.removeAllListeners('warning')
  process.on('warning', (warning: Error & { code?: string }) => {
    if (warning.name === 'ExperimentalWarning' || warning.code === 'MODULE_TYPELESS_PACKAGE_JSON')
      return
    for (const listener of usual) listener(warning)
  })
}
