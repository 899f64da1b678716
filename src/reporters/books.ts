// The two sets of books in words.
import { figure } from '../base/figures.ts'
import type { Book } from '../run/result.ts'

/** Times are measured in ms, as their names do not say. */
export function sayMeasured({ metric, measured }: Book): string {
  return `${figure(measured)}${/_duration/.test(metric) ? ' ms' : ''}`
}
