// Lines are dated to some milliseconds: of what is about one item, the failure stands before the line that tells of it.
import { expect, test } from 'vitest'
import type { Fact } from '../../../src/worlds/real/fact.ts'
import { afterFailures as inOrder } from '../../../src/worlds/real/line-order.ts'

const LATER_US = 20_000
const afterFailures = (ready: Fact[], waiting: Fact[]) => inOrder(ready, waiting, LATER_US)
const call = (route: string, atUs: number, klass = 'ok', item = 1, tookUs = 2): Fact => ({
  ...{ fact: 'call', atUs, startUs: atUs - tookUs, ownMs: 1, from: 'api', to: 'objects', route },
  ...{ stage: route, item, key: '', class: klass, body: null },
})
const line = (atUs: number, byUs: number): Fact => ({
  ...{ fact: 'log', atUs, byUs, host: 'api', line: 'failed', item: 1 },
})
const order = (facts: readonly Fact[]) =>
  facts.map((fact) => (fact.fact === 'call' ? `${fact.route} ${fact.class}` : fact.fact))

test('a line that was seen with a failure of its item stands behind it', () => {
  const waiting: Fact[] = []
  const ready = [line(10, 20), call('fetch', 15, 'http-404'), call('delete', 19)]
  expect(order(afterFailures(ready, waiting))).toEqual(['fetch http-404', 'log', 'delete ok'])
})

test('also where the failure is not due yet', () => {
  const waiting = [call('fetch', 15, 'reset'), call('delete', 19)]
  expect(order(afterFailures([line(10, 20)], waiting))).toEqual([])
  expect(order(waiting)).toEqual(['fetch reset', 'log', 'delete ok'])
  expect(order(afterFailures(waiting, []))).toEqual(['fetch reset', 'log', 'delete ok'])
})

test.each([
  ['a call that went well', [call('delete', 15)]],
  ['the failure of another item', [call('fetch', 15, 'http-404', 2)]],
  ['a failure that began after it was read', [call('fetch', 23, 'http-404')]],
  ['one that ended long after', [call('fetch', 30_000, 'http-404', 1, 29_990)]],
])('it stands before %s', (_, calls) => {
  expect(order(afterFailures([line(10, 20), ...calls], []))[0]).toBe('log')
})

test('an answer that had left by then is why, however late its end was seen; one that had not is not', () => {
  const answered = (answeredUs: number) => ({
    ...call('fetch', 90_000, 'http-404', 1, 89_995),
    answeredUs,
  })
  expect(order(afterFailures([line(10, 20)], [answered(21)]))).toEqual(['log'])
  const waiting: Fact[] = [answered(20)]
  expect(order(afterFailures([line(10, 20)], waiting))).toEqual([])
  expect(order(waiting)).toEqual(['fetch http-404', 'log'])
})

test('a call that is seen to be given up a little after its caller has written of it is why it did', () => {
  const facts = [line(10, 20), call('fetch', 9_000, 'aborted', 1, 8_990)]
  expect(order(afterFailures(facts, []))).toEqual(['fetch aborted', 'log'])
})

test('a key that a process wrote of it in Redis likewise', () => {
  const key: Fact = {
    fact: 'key',
    atUs: 5,
    byUs: 20,
    item: 1,
    key: 'result:1',
    body: { status: 'FAILURE' },
  }
  const facts = [key, call('generate', 900, 'http-503', 1, 890)]
  expect(order(afterFailures(facts, []))).toEqual(['generate http-503', 'key'])
})
