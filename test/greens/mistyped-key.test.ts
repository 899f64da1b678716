// A rival accepts a mistyped key of a fault, and injects nothing.
import { expect, test } from 'vitest'
import { end, SMALL } from './green.ts'

const HEALTHY = 'thresholds: {item_lost: [rate<0.01]}\n'

test.each<[written: string, message: string]>([
  [
    'faults: [{kind: status, status: 500, rout: infer}]',
    "x.yaml:5:38: faults[0].rout: unknown key 'rout'; did you mean 'route'?",
  ],
  [
    'faults: [{kind: status, status: 500, probabilty: 0.5}]',
    "x.yaml:5:38: faults[0].probabilty: unknown key 'probabilty'; did you mean 'probability'?",
  ],
  [
    'faults: [{kind: sttus, status: 500}]',
    "x.yaml:5:17: faults[0].kind: unknown kind 'sttus'; did you mean 'status'?",
  ],
  [
    'fault: [{kind: status, status: 500}]',
    "x.yaml:5:1: fault: unknown key 'fault'; did you mean 'faults'?",
  ],
  [
    'faults: [{kind: status, status: 500, route: infr}]',
    "x.yaml:5:45: faults[0].route: no route of this scenario is called or matches 'infr'; did you mean 'infer'?",
  ],
  [
    'faults: [{kind: status, status: 500, to: servise-*}]',
    "x.yaml:5:42: faults[0].to: no host or part of this scenario is called or matches 'servise-*'",
  ],
  [
    'faults: [{kind: object.delete, before: fetch, key: "cam1/*"}]',
    'x.yaml:5:52: faults[0].key: no object key of this scenario is called or matches',
  ],
  [
    'variants: {fix: {faults: [{kind: reset, fist: 3}]}}',
    "x.yaml:5:41: variants.fix.faults[0].fist: unknown key 'fist'; did you mean 'first'?",
  ],
  [
    'brief: {faults: [{kind: reset, nht: 3}]}',
    "x.yaml:5:32: brief.faults[0].nht: unknown key 'nht'; did you mean 'nth'?",
  ],
  [
    'thresholds2: {item_lost: [rate<0.01]}',
    "x.yaml:5:1: thresholds2: unknown key 'thresholds2'; did you mean 'thresholds'?",
  ],
])('%s', async (written, message) => {
  const { code, stderr } = await end(`${SMALL.trim()}\n\n\n${written}\n${HEALTHY}`)
  expect({ code, stderr: stderr.slice(0, message.length) }).toEqual({ code: 104, stderr: message })
})
