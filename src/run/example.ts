// One item of many, for who wants to look into it elsewhere.
import { itemId } from './item-id.ts'
import type { Example } from './result.ts'

/** By its id, and by that of its trace where items carry one. */
export function exampleOf(index: number, traceOf: (item: string) => string | undefined): Example {
  const item = itemId(index)
  const traceparent = traceOf(item)
  return { item, ...(traceparent === undefined ? {} : { traceparent }) }
}
