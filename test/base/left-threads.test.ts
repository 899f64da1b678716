// A process that ends though one of its threads does not: with its code, what it wrote, and whoever listens told.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

const MODULE = new URL('../../src/base/left-threads.ts', import.meta.url).href

function ended(line: string) {
  const code = `import { endWithoutThreads, leftThread } from '${MODULE}'
process.on('exit', (code) => console.log('exit', code))
${line}
endWithoutThreads(105)
console.log('joins its threads')
process.exit(105)`
  const args = ['--no-warnings', '--input-type=module', '-e', code]
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  return { status, stdout }
}

test('joins threads that have ended', () => {
  const lines = 'leftThread()[Symbol.dispose]()'
  expect(ended(lines)).toEqual({ status: 105, stdout: 'joins its threads\nexit 105\n' })
})

test.runIf(process.platform !== 'win32')('waits for none that has not', () => {
  expect(ended('leftThread()')).toEqual({ status: 105, stdout: 'exit 105\n' })
})
