// Uploads lose a race: the folder of their key vanishes with its last object just as they arrive.
import { z } from 'zod'
import { duration } from '../base/fields.ts'
import { defineFault, timing } from './fault.ts'
import { often, selected, selection } from './often.ts'

/** Of 1,500 puts sent together with the removal of the last object under their prefix, MinIO refused one. */
const MEASURED = 1 / 1_500

const { to: _to, route: _route, ...which } = selection
const options = z.strictObject({
  kind: z.literal('put.race'),
  ...timing,
  ...which,
  probability: selection.probability
    .unwrap()
    .default(MEASURED)
    .meta({ description: 'Share of the races that are lost; measured: 1 in 1,500' }),
  within: duration.prefault('10ms').meta({
    description: 'A race: the folder vanished this shortly before the put took effect',
  }),
})

export const putRace = defineFault({
  kind: 'put.race',
  help: 'uploads into a folder that has just vanished with its last object are answered 403 AccessDenied',
  options,
  describe: () => 'uploads that race with the removal of the last object of their folder refused',
  targets: selected,
  hold(o, hands, evidence, random) {
    const lost = often(o, random, 'request', () => ({ do: 'reply', status: 403 }))
    evidence.races ??= 0
    return hands.putRace(o.within, (call) => {
      evidence.races = (evidence.races ?? 0) + 1
      if (lost(call, 'request').do === 'pass') return false
      evidence.touched = (evidence.touched ?? 0) + 1
      return true
    })
  },
})
