// The bridges over which containers reach this machine, as Linux' kernel lists them: also while no container runs.
import { readFileSync } from 'node:fs'
import { BlockList } from 'node:net'

/** Docker's first, the one that containers' name of the machine leads to. */
const FIRST = 'docker0'
/** Docker's other ones, and podman's. */
const BRIDGE = /^(docker\d+|br-[0-9a-f]+|podman\d+|cni-podman\d+)$/

interface Net {
  readonly name: string
  readonly address: string
  readonly bits: number
}

/** This machine's own address on the first; undefined where there is none. */
export function bridgeAddress(): string | undefined {
  const nets = bridges().filter(({ name }) => name === FIRST)
  const first = listOf(nets)
  return ownAddresses().find((address) => first.check(address))
}

/** Whether an IPv4 address is that of a container, or of the machine as containers see it. */
export function isOnBridge(address: string): boolean {
  return listOf(bridges()).check(address)
}

function listOf(nets: readonly Net[]): BlockList {
  const list = new BlockList()
  for (const { address, bits } of nets) list.addSubnet(address, bits, 'ipv4')
  return list
}

/** Their networks, from the routes that lead there without a gateway. */
function bridges(): Net[] {
  return textOf('/proc/net/route')
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter(([name = '', , gateway]) => BRIDGE.test(name) && gateway === '00000000')
    .map(([name = '', to = '', , , , , , mask = '']) => ({
      name,
      address: addressIn(to),
      bits: Number.parseInt(mask, 16).toString(2).replaceAll('0', '').length,
    }))
}

/** Written with its last byte first. */
function addressIn(hex: string): string {
  return (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join('.')
}

function ownAddresses(): string[] {
  const found = textOf('/proc/net/fib_trie').matchAll(/([\d.]+)\n\s+\/32 host LOCAL/g)
  return [...new Set(Array.from(found, ([, address = '']) => address))]
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
