// Dates as S3 writes them: `20251113T032050Z`, in whole seconds.

export function amzDate(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`
}

/** Milliseconds since the epoch; undefined for anything that is not such a date. */
export function amzDateMs(date: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date)
  if (parts === null) return undefined
  const [year = 0, month = 0, ...rest] = parts.slice(1).map(Number)
  const ms = Date.UTC(year, month - 1, ...rest)
  // The 31st of February would be one in March.
  return amzDate(ms) === date ? ms : undefined
}
