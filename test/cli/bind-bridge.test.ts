// A container beside the parts: it reaches them under the name that the machine has for containers, and URLs stay valid.
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'minio'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bridgeAddress } from '../../src/worlds/real/bridges.ts'
import { describeWith } from '../worlds/real/needs.ts'
import { RealRun } from './real-run.ts'

const IMAGE = 'aftershock-test/bash'
const PORT = 19_473
const SCENARIO = `
name: beside
pipeline:
  kind: process
  processes: {worker: {attach: 'http://127.0.0.1:9', ready: port}}
  upstreams: {model: {routes: {generate: {time: 1ms, body: {made: true}}}}}
  routes: {generate: {path: /v1/images}}
  listen: {objects: ${PORT}, model: ${PORT + 1}, proxy: ${PORT + 2}}
  offer: {kind: none}
  outcomes: [{on: offer, fate: succeeded}]
load: {kind: arrivals, rate: 1/s, for: 1h}
thresholds: {item_lost: [rate<0.01]}
`

/** A shell and its libraries: enough to speak HTTP. */
function makeImage(): void {
  const root = mkdtempSync(join(tmpdir(), 'aftershock-image-'))
  const script = `
    mkdir -p "$0/bin" && cp -L /bin/bash "$0/bin/bash"
    ldd /bin/bash | grep -o '/[^ ]*' | while read -r l; do mkdir -p "$0$(dirname "$l")"; cp -L "$l" "$0$l"; done
    tar -C "$0" -cf - . | docker import - ${IMAGE}`
  execFileSync('bash', ['-ec', script, root], { stdio: 'ignore' })
  rmSync(root, { recursive: true })
}

/** What a container is answered. */
function fromContainer(method: string, url: string): string {
  const { hostname, port, pathname, search, host } = new URL(url)
  const request = `${method} ${pathname}${search} HTTP/1.0\\r\\nHost: ${host}\\r\\n\\r\\n`
  const script = `exec 3<>/dev/tcp/${hostname}/${port}; printf '${request.replaceAll('%', '%%')}' >&3; while read -r line <&3; do echo "$line"; done; echo "$line"`
  const host_ = ['--add-host', 'host.docker.internal:host-gateway']
  const args = ['run', '--rm', ...host_, IMAGE, '/bin/bash', '-c', script]
  return spawnSync('docker', args, { encoding: 'utf8', timeout: 30_000 }).stdout
}

describeWith('docker', 'with --bind bridge', () => {
  const run = new RealRun({ 'beside.yaml': SCENARIO })
  beforeAll(async () => {
    makeImage()
    run.startWith(['up', 'beside.yaml', '--objects', 'embedded', '--bind', 'bridge', '--no-color'])
    await run.said('Ctrl-C ends')
  }, 60_000)
  afterAll(async () => {
    await run.signalled('SIGINT')
    run[Symbol.dispose]()
  })

  test('an upstream is called from a container', () => {
    expect(run.stdout).toContain(`http://host.docker.internal:${PORT + 1}`)
    const answer = fromContainer('POST', `http://host.docker.internal:${PORT + 1}/v1/images`)
    expect(answer).toMatch(/^HTTP\/1.1 200 OK/)
    expect(answer).toContain('{"made":true}')
  })

  test('a URL that was signed for one side is valid on the other', async () => {
    const setting = (name: string) =>
      new RegExp(`^export AFTERSHOCK_OBJECTS_${name}=(.*)$`, 'm').exec(run.stdout)?.[1] ?? ''
    expect(setting('URL')).toBe(`http://host.docker.internal:${PORT}`)
    const access = { accessKey: setting('ACCESS_KEY'), secretKey: setting('SECRET_KEY') }
    const client = (endPoint: string) =>
      new Client({ ...access, endPoint, port: PORT, useSSL: false, region: 'us-east-1' })
    await client('127.0.0.1').putObject(setting('BUCKET'), 'a.txt', 'as it was')
    const url = await client('host.docker.internal').presignedGetObject(setting('BUCKET'), 'a.txt')
    expect(fromContainer('GET', url)).toContain('as it was')
    expect(
      fromContainer(
        'GET',
        url.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
      ),
    ).toContain('403')
  })

  test('nothing listens where others could reach it', () => {
    const bridge = bridgeAddress()
    const { stdout } = spawnSync('ss', ['-Hltn', `sport = :${PORT}`], { encoding: 'utf8' })
    const addresses = stdout
      .trim()
      .split('\n')
      .map((line) => line.split(/\s+/)[3])
    expect(addresses.sort()).toEqual([`127.0.0.1:${PORT}`, `${bridge}:${PORT}`].sort())
  })
})
