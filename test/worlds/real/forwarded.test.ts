// A request goes on as it came, but for what belongs to its own connection.
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Agent } from 'undici'
import { expect, test } from 'vitest'
import { Upstream } from '../../../src/worlds/real/interposer/upstream.ts'

test.each([
  ['as boto3 and the SDK for Java put objects', ['Expect', '100-continue', 'Content-Length', '5']],
  ['in chunks, with trailers', ['Transfer-Encoding', 'chunked', 'Trailer', 'x-amz-checksum-crc32']],
  ['through a proxy', ['Proxy-Connection', 'keep-alive', 'TE', 'trailers']],
])('%s', async (_, rawHeaders) => {
  const server = http.createServer(async (request, response) => {
    const { host: _host, ...headers } = request.headers
    response.end(JSON.stringify({ headers, body: await text(request) }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const agent = new Agent()
  try {
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const answer = await new Promise<string>((resolve) => {
      const upstream = new Upstream(agent, origin, {
        onHead: () =>
          upstream.read(
            (chunk) => resolve(chunk.toString()),
            () => {},
          ),
        onLost: resolve,
      })
      const body = Buffer.from('bytes')
      upstream.send({ method: 'PUT', path: '/images/1.jpg', rawHeaders, body })
    })
    expect(JSON.parse(answer)).toEqual({
      headers: { connection: 'keep-alive', 'content-length': '5' },
      body: 'bytes',
    })
  } finally {
    await agent.destroy()
    server.close()
  }
})
