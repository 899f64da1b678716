// How an interposer reaches the part behind it: over a socket, or next door in the same thread.
import type { Agent } from 'undici'
import type { Server } from '../serving.ts'
import type { Answering, FarSide, Forwarded } from './far-side.ts'
import { headersFor } from './message.ts'
import { Neighbour } from './neighbour.ts'
import { Upstream } from './upstream.ts'
import type { WireCall } from './wire-call.ts'

export interface Reachable {
  readonly agent: Agent
  /** Where a part listens now; undefined while nobody does. */
  readonly addressOf: (to: string) => string | undefined
  /** The server of a host of this thread, unless it is down; undefined for whoever is reached by an address. */
  readonly serverOf: (to: string) => Server | 'down' | undefined
}

interface Between {
  readonly from: string
  readonly to: string
}

/** Undefined while nobody is there. */
export function reach(
  { from, to }: Between,
  { slot }: WireCall,
  { agent, addressOf, serverOf }: Reachable,
  answering: Answering,
): FarSide | undefined {
  const server = serverOf(to)
  if (server === 'down') return undefined
  if (server !== undefined) return new Neighbour(server, { from, slot }, answering)
  const origin = addressOf(to)
  return origin === undefined ? undefined : new Upstream(agent, origin, answering)
}

/** A request as it goes on. */
export function outgoing(link: Between, { request, body }: WireCall): Forwarded {
  const { method = 'GET', url: path = '/', rawHeaders } = request
  return { method, path, rawHeaders: headersFor(link, rawHeaders), body }
}
