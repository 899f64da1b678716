// Figures as people read them: 220,879; 2.40 %; four digits that matter.

/** 220,879 */
export function number(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 })
}

/** 1 item was, 220,879 items were */
export function itemsWere(count: number): string {
  return count === 1 ? '1 item was' : `${number(count)} items were`
}

/** 2.40 % */
export function percent(share: number): string {
  const size = Math.abs(share * 100)
  const digits = size === 0 || size >= 99.995 ? (size > 100 ? 1 : 0) : size < 0.095 ? 3 : 2
  return `${(share * 100).toFixed(digits)} %`
}

/** A figure of unknown kind: at most four digits that matter. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return number(value)
  return Math.abs(value) >= 1_000 ? number(value) : String(Number(value.toPrecision(4)))
}
