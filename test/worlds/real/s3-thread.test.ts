// The embedded server in a thread of its own: serves from there, and is gone when it is given back.
import { Client } from 'minio'
import { expect, test } from 'vitest'
import { startS3Thread } from '../../../src/worlds/real/s3/in-a-thread.ts'
import { KEY } from '../../contracts/s3-client.ts'

test('serves until it is given back, and nobody is told that it ended', async () => {
  const server = await startS3Thread(KEY)
  const { hostname, port } = new URL(server.url)
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    ...KEY,
  })
  await client.makeBucket('images')
  await client.putObject('images', 'a/1.jpg', Buffer.from('image'))
  expect((await client.statObject('images', 'a/1.jpg')).size).toBe(5)
  await server[Symbol.asyncDispose]()
  expect(await server.ended).toBeUndefined()
  await expect(fetch(server.url)).rejects.toThrow('fetch failed')
})
