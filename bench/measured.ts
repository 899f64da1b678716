// A figure beside its target, as all benches print it.

export interface Measured {
  readonly name: string
  readonly target: string
  readonly measured: string
  readonly ok: boolean
}

export function show(rows: readonly Measured[]): void {
  for (const { name, target, measured, ok } of rows)
    console.log(`${ok ? 'ok ' : 'NOT'}  ${name.padEnd(44)} ${measured}  (target ${target})`)
}
