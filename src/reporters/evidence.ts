// What a fault did, in words: `touched 854, delayed 5h1m in all`.
import { figure, number } from '../base/figures.ts'
import { formatDuration } from '../base/units.ts'
import type { FaultReport } from '../run/timeline.ts'

/** All but how many it touched. */
export function sayEvidence({ evidence }: Pick<FaultReport, 'evidence'>): string[] {
  return Object.entries(evidence).map(([name, value]) => {
    if (!name.endsWith('Ms')) return `${wordsOf(name)} ${figure(value)}`
    const what = wordsOf(name.slice(0, -2))
    // What was done to each that it touched is summed up; how far a clock is off is not.
    return `${what} ${formatDuration(value)}${what.endsWith('ed') ? ' in all' : ''}`
  })
}

export function faultLine(fault: FaultReport): string {
  return `${fault.kind} ${sayWhen(fault)}: ${fault.describe}; touched ${[number(fault.touched), ...sayEvidence(fault)].join(', ')}`
}

export function sayWhen({ atMs, forMs, times }: FaultReport): string {
  const length = forMs === 0 ? '' : ` for ${formatDuration(forMs)}`
  return `at ${formatDuration(atMs)}${length}${times > 1 ? `, ${number(times)} times` : ''}`
}

/** `connectionsCut` as `connections cut`. */
function wordsOf(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}
