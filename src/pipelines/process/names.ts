// The names of copies: one for each, so that faults and links can tell them apart.

/** `worker`, or `worker-1`, `worker-2`. */
export function copiesOf(name: string, copies: number): string[] {
  return copies === 1 ? [name] : Array.from({ length: copies }, (_, i) => `${name}-${i + 1}`)
}
