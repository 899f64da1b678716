// Provider `embedded`: a server inside this process. It is no proof of anything: it is ours, and says so.
import { CannotOpen, type Open } from './part.ts'

export const openEmbedded: Open = async ({ startEmbedded, title }) => {
  if (startEmbedded === undefined) throw new CannotOpen(`there is no embedded ${title}`)
  const server = await startEmbedded()
  const { hostname, port } = new URL(server.url)
  const { accessKey, secretKey, region } = server
  return {
    access: {
      host: hostname,
      port: Number(port),
      tls: false,
      ...(accessKey === undefined ? {} : { accessKey }),
      ...(secretKey === undefined ? {} : { secretKey }),
      ...(region === undefined ? {} : { region }),
    },
    by: 'embedded in this process, no fidelity',
    ended: server.ended ?? new Promise(() => {}),
    version: async (said) => said,
    keep: () => [],
    [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
  }
}
