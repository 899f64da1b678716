// A process that starts MinIO and says why it could not, and what is left in the folder for what is temporary.
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { Parts } from '../../../src/worlds/real/parts.ts'
import { noContainers, refusal } from './surroundings.ts'

const [, , logFolder = '', binary = ''] = process.argv
const start = async () => {
  await using parts = await Parts.open({
    logFolder,
    environment: process.env,
    allowedTargets: [],
    containers: noContainers('none'),
  })
  await parts.objectStore({ provider: 'binary', binary })
}
const said = await refusal(start())
process.stdout.write(`${said}\nleft: ${JSON.stringify(readdirSync(tmpdir()))}\n`)
