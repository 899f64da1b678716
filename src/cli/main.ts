#!/usr/bin/env node
// The command line's front door: checks the runtime, then loads the rest.
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
  const { main } = await import('./program.ts')
  process.exitCode = await main(process.argv.slice(2), process.env)
}
