// A process that holds a server and its folder, says which, and then ends as it is told: for tests of what it leaves.
import { join } from 'node:path'
import { startChild } from '../../../src/worlds/real/child.ts'
import { Journal } from '../../../src/worlds/real/journal.ts'
import { temporaryFolder } from '../../../src/worlds/real/temporary-folder.ts'

const [, , journals = '', server = '', end] = process.argv
const journal = new Journal(journals)
const folder = temporaryFolder('held', journal)
const child = await startChild(
  {
    command: server,
    args: [],
    environment: {},
    folder: folder.path,
    logFile: join(folder.path, 'log'),
    stopWithinMs: 20_000,
  },
  journal,
)
process.stdout.write(`${JSON.stringify({ pid: child.pid, folder: folder.path })}\n`)
if (end === 'exit') process.exit(3)
if (end === 'throw') throw new Error('as told')
setInterval(() => {}, 1_000_000)
