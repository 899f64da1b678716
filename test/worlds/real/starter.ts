// A process that starts a Redis in a container, says where, and then ends as it is told: for tests of what it leaves.
import { docker } from '../../../src/worlds/real/docker.ts'
import { Journal, journalFolder } from '../../../src/worlds/real/journal.ts'
import { USUAL_LIMITS } from '../../../src/worlds/real/providers/part.ts'
import { startRedis } from '../../../src/worlds/real/providers/redis.ts'

const [, , image = '', logFolder = '', end] = process.argv
const part = await startRedis(
  { provider: 'container', image },
  {
    journal: new Journal(journalFolder(process.env)),
    logFolder,
    environment: process.env,
    containers: docker,
    allowedTargets: [],
    limits: USUAL_LIMITS,
  },
)
process.stdout.write(`${part.access.port}\n`)
if (end === 'exit') process.exit(3)
setInterval(() => {}, 1_000_000)
