// A task as Celery 4 and 5 send it through Redis: message protocol v2, in kombu's envelope.
//
// https://docs.celeryq.dev/en/stable/internals/protocol.html
import { fill, fillJson, type Known } from '../../base/template.ts'
import type { CeleryOffer } from './offer.ts'

/** What kombu's Redis transport pushes to the left of the queue's list. */
export function celeryMessage(offer: CeleryOffer, known: Known, traceparent: string): string {
  const id = fill(offer.id, known)
  const args = offer.args.map((arg) => fillJson(arg, known))
  const kwargs = fillJson(offer.kwargs, known)
  const body = [args, kwargs, { callbacks: null, errbacks: null, chain: null, chord: null }]
  return JSON.stringify({
    body: base64(JSON.stringify(body)),
    'content-encoding': 'utf-8',
    'content-type': 'application/json',
    headers: {
      lang: 'py',
      task: offer.task,
      id,
      shadow: null,
      eta: null,
      expires: null,
      group: null,
      group_index: null,
      retries: 0,
      timelimit: [null, null],
      root_id: id,
      parent_id: null,
      argsrepr: JSON.stringify(args),
      kwargsrepr: JSON.stringify(kwargs),
      origin: 'aftershock',
      ignore_result: false,
      replaced_task_nesting: 0,
      stamped_headers: null,
      stamps: {},
      traceparent,
    },
    properties: {
      correlation_id: id,
      reply_to: id,
      delivery_mode: 2,
      delivery_info: { exchange: '', routing_key: offer.queue },
      priority: 0,
      body_encoding: 'base64',
      delivery_tag: id,
    },
  })
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64')
}
