// Where there is no terminal: a line now and then, none for what is over soon.
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { progressOf } from '../../../src/cli/progress.ts'

const said: string[] = []

beforeEach(() => {
  said.length = 0
  vi.useFakeTimers({ toFake: ['performance'] })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0)
  Object.defineProperty(process.stderr, 'isTTY', { value: false, configurable: true })
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

test('lines come after ten seconds, and every thirty', () => {
  const progress = progressOf('virtual', 2)
  for (let second = 0; second <= 75; second++) {
    progress.show('x', 'fix', 3, second / 100)
    vi.advanceTimersByTime(1_000)
  }
  expect(said).toEqual([
    'aftershock: x · fix · seed 3: 10 %\n',
    'aftershock: x · fix · seed 3: 40 %\n',
    'aftershock: x · fix · seed 3: 70 %\n',
  ])
})
