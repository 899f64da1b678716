// Axes: round steps, and their figures in few characters.
import { formatDuration } from '../../base/units.ts'
import type { Figure } from './figures.ts'

const DURATIONS_MS = [
  1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000,
  300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 10_800_000, 21_600_000, 43_200_000,
  86_400_000, 172_800_000, 604_800_000, 2_592_000_000,
] as const

/** From 0 to at most `end`, every so often that there are no more than `most`. */
export function timeTicks(endMs: number, most: number): number[] {
  const step = DURATIONS_MS.find((ms) => endMs / ms <= most) ?? endMs
  return Array.from({ length: Math.floor(endMs / step) + 1 }, (_, i) => i * step)
}

/** From 0 to at least `top`: the last is where the axis ends. */
export function valueTicks(top: number, unit: Figure['unit']): number[] {
  const step = unit === 'ms' ? durationStep(top) : roundStep(top / 4, unit === 'count' ? 1 : 0)
  const count = Math.max(1, Math.ceil(top / step - 1e-9))
  return Array.from({ length: count + 1 }, (_, i) => i * step)
}

function durationStep(top: number): number {
  const wanted = top / 4
  return wanted < 1 ? roundStep(wanted, 0) : (DURATIONS_MS.find((ms) => ms >= wanted) ?? wanted)
}

function roundStep(wanted: number, least: number): number {
  if (!(wanted > 0)) return Math.max(1, least)
  const power = 10 ** Math.floor(Math.log10(wanted))
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((s) => s >= wanted * (1 - 1e-9))
  return Math.max(least, step ?? wanted)
}

/** `12`, `1.5k`, `2m30s` */
export function sayTick(value: number, unit: Figure['unit']): string {
  if (unit === 'ms') return value === 0 ? '0' : formatDuration(value)
  if (value >= 10_000_000) return `${round(value / 1_000_000)}M`
  if (value >= 10_000) return `${round(value / 1_000)}k`
  return round(value)
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)))
}
