// Where the load enters somebody else's process: a call, or an object put; and what the process says of itself, polled.
import { fill, fillJson, type Known, valueAt } from '../../base/template.ts'
import { CallError, type Host, type Item, type Json } from '../../worlds/world.ts'
import type { Offer, Options, Poll } from './options.ts'

export function load(host: Host, { offer, reports }: Options): void {
  host.intake((item) => offerTo(host, item, offer))
  for (const [name, poll] of Object.entries(reports)) void keepPolling(host, name, poll)
}

async function offerTo(host: Host, { id }: Item, offer: Offer): Promise<void> {
  const known: Known = (name) => (name === 'item' ? id : undefined)
  try {
    switch (offer.kind) {
      case 'http': {
        const params = Object.fromEntries(
          Object.entries(offer.params).map(([name, value]) => [name, fill(value, known)]),
        )
        const body = offer.body === undefined ? null : (fillJson(offer.body, known) as Json)
        const reply = await host.http.call(offer.to, offer.route, {
          params,
          body,
          timeouts: { totalMs: offer.timeout },
        })
        await reply.body()
        return
      }
      case 'objects':
        await host.objects.put(fill(offer.key, known), offer.bytes, { totalMs: offer.timeout })
        return
      case 'none':
        return
    }
  } catch (error) {
    // How a call failed is on the wire, and judged there.
    if (!(error instanceof CallError)) throw error
  }
}

async function keepPolling(host: Host, name: string, { of, route, field, every }: Poll) {
  for (;;) {
    await host.clock.sleep(every)
    try {
      const reply = await host.http.call(of, route, { timeouts: { totalMs: every } })
      const value = valueAt(await reply.body(), field.split('.'))
      if (typeof value === 'number') host.report.set(name, value)
    } catch (error) {
      if (!(error instanceof CallError)) throw error
    }
  }
}
