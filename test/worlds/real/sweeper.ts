// A process that sweeps once and says what it removed: for tests of several at once.
import { sweep } from '../../../src/worlds/real/sweep.ts'

const { removed } = await sweep(process.argv[2] ?? '', async () => 0)
process.stdout.write(JSON.stringify(removed))
