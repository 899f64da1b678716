// A real Chromium, where there is one, and pages served to it as a file or as a strict server would.
import { existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from 'playwright-core'

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
export const CHROMIUM = process.env.AFTERSHOCK_CHROMIUM ?? PATHS.find((path) => existsSync(path))
export const WITHOUT = 'no chromium here: apt-get install chromium, or AFTERSHOCK_CHROMIUM=PATH'

/** What Jenkins and artifact viewers send. */
export const STRICT = "sandbox; default-src 'none'; img-src 'self'; style-src 'self'" as const

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM ?? '',
    // As root, in a container, Chromium's own sandbox does not start.
    args: ['--no-sandbox'],
    timeout: 20_000,
  })
}

/** Serves one page, with headers or without. */
export class Served implements AsyncDisposable {
  readonly #server
  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server
  }

  static async of(page: string, headers: Readonly<Record<string, string>> = {}): Promise<Served> {
    const server = createServer((request, response) => {
      const isPage = request.url === '/'
      response.writeHead(isPage ? 200 : 404, { 'content-type': 'text/html', ...headers })
      response.end(isPage ? page : '')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    return new Served(server)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((closed) => this.#server.close(closed))
  }
}
