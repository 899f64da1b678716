// The command that gives the same runs again, as its user would type it here.
import { quote } from '../base/shell.ts'
import type { Environment } from './complain.ts'
import type { Flags } from './flags.ts'

/** How this program was called. */
export function commandOf({ npm_lifecycle_event: script }: Environment): string {
  return script === 'start' ? 'npm start --' : 'aftershock'
}

/** Flags that change what is run, or how it is judged, are told; those that say where reports go are not. */
export function rerunCommand(command: string, files: readonly string[], flags: Flags): string {
  const { variant, brief, world, against, speed, objects, seed, seeds, retryInconclusive } = flags
  const { baseline } = flags
  return [
    `${command} run`,
    ...files.map(quote),
    ...(variant === undefined ? [] : [`--variant ${quote(variant.join(','))}`]),
    ...(brief && world !== 'both' ? ['--brief'] : []),
    ...(against === undefined ? [] : [`--against ${quote(against)}`]),
    ...(world === 'virtual' ? [] : [`--world ${world} --speed ${speed}`]),
    ...(world === 'virtual' || objects === 'auto' ? [] : [`--objects ${quote(objects)}`]),
    `--seed ${seed}`,
    ...(seeds > 1 ? [`--seeds ${seeds}`] : []),
    ...(baseline === undefined ? [] : [`--baseline ${quote(baseline)}`]),
    ...(retryInconclusive > 0 ? [`--retry-inconclusive ${retryInconclusive}`] : []),
  ].join(' ')
}
