#!/usr/bin/env node
// The command line's front door: checks the runtime, loads the rest, and is the only place that ends the process.
import module from 'node:module'

const NEEDED = [22, 22] as const

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
  const { complain, main } = await import('./program.ts')
  process.on('uncaughtException', (error) => process.exit(complain(error, process.env)))
  const code = await main(process.argv.slice(2), process.env)
  // Whatever a scenario's module left running must not keep the process; what was written must still arrive.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))
}

/** `aftershock list | head -1` closes the pipe early: the rest is not wanted, and no error. */
function surviveClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_STREAM_DESTROYED') throw error
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
