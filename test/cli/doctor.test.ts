// `aftershock doctor`: a table that fits into 80 columns, the commands, exit code 0 whatever is missing.
import { expect, test } from 'vitest'
import { findFaketime } from '../../src/worlds/real/skew/faketime.ts'
import { Surroundings } from '../worlds/real/surroundings.ts'
import { aftershock } from './aftershock.ts'

test('tells what there is, and what adds the rest', async () => {
  using around = new Surroundings()
  around.program('redis-server', `console.log('Redis server v=7.0.15 sha=00000000:0')`)
  // Nothing answers there, whatever this machine has.
  const env = { ...around.environment, DOCKER_HOST: 'tcp://127.0.0.1:1' }
  const { code, stdout, stderr } = await aftershock(['doctor', '--no-color'], { env })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  const lines = stdout.replaceAll(around.path, '/home/me').split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(lines[0]).toBe(
    `aftershock 0.1.0, Node ${process.versions.node}, ${process.platform} ${process.arch}`,
  )
  const from = (start: string, count: number) =>
    lines.slice(lines.findIndex((line) => line.startsWith(start))).slice(0, count)
  expect(from('Redis', 4)).toEqual([
    expect.stringMatching(/^Redis {9}container {2}. {2}\S/),
    '              binary     ✓  Redis 7.0.15',
    '                            /home/me/bin/redis-server',
    '              url        ·  yours: AFTERSHOCK_REDIS_URL',
  ])
  expect(lines).toContain('to add what is missing')
  expect(lines).toContain('    github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c')
  expect(lines).toContain('fault              virtual  linux  macos  windows  how')
  expect(lines).toContain('capacity           ✓        ✓      ✓      ✓        slots of the mocks')
  expect(from('clock.skew', 2)).toEqual([
    "clock.skew         ✓        ✓      ✓      ✓        the hosts' own clocks",
    `  another process  –        ${findFaketime({}) === undefined ? '✗' : '✓'}      –      –        by faketime; Go ignores it`,
  ])
  expect(from('upstream.degrade', 2)).toEqual([
    'upstream.degrade   ✓        ✓      ✓      ✓        slots of the mocks',
    "                                                   the hosts' own work",
  ])
  expect(lines).toContain('latency            ✓        ✓      ✓      ✓        on the wire')
})

test('is in the help', async () => {
  expect((await aftershock(['--help'])).stdout).toContain('  doctor [options]')
})
