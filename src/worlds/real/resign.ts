// Signs a request to the store again, dated by a clock that is off.
import type { Resign } from './objects.ts'

export const resign: Resign = (options) => options
