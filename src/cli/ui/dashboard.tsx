// Keeps the screen on the terminal while runs go on, and takes it away before anything else is written.
import { type Instance, render, useInput, useStdin } from 'ink'
import { useEffect, useState } from 'react'
import { AlternateScreen } from './alternate-screen.ts'
import { Screen } from './screen.tsx'
import type { View } from './view.ts'

const REFRESH_MS = 125

/** On standard error: standard output is for reports. `stop` is asked for by `q` and Ctrl-C. */
export class Dashboard {
  readonly #instance: Instance
  readonly #screen = new AlternateScreen(process.stderr)

  readonly #resized: () => void

  constructor(view: View & { nowMs: number }, stop: () => void) {
    const live = () => <Live view={view} stop={stop} />
    this.#instance = render(live(), {
      stdout: process.stderr,
      exitOnCtrlC: false,
      patchConsole: false,
      maxFps: 10,
    })
    // By now Ink has drawn the old frame on the new terminal, which wrapped or cut it in its own way.
    this.#resized = () => {
      this.#instance.rerender(live())
      this.#instance.clear()
      this.#screen.wipe()
    }
    process.stderr.on('resize', this.#resized)
  }

  clear(): void {
    process.stderr.off('resize', this.#resized)
    // Its last frame stays when it goes: an empty one.
    this.#instance.rerender(null)
    this.#instance.unmount()
    this.#screen[Symbol.dispose]()
  }
}

function Live({ view, stop }: { view: View & { nowMs: number }; stop: () => void }) {
  const [, setTick] = useState(0)
  const { isRawModeSupported } = useStdin()
  useEffect(() => {
    const timer = setInterval(() => {
      view.nowMs = performance.now()
      setTick((tick) => tick + 1)
    }, REFRESH_MS)
    return () => clearInterval(timer)
  }, [view])
  useInput(
    (input, key) => {
      if (input !== 'q' && !(key.ctrl && input === 'c')) return
      view.isStopping = true
      stop()
    },
    { isActive: isRawModeSupported },
  )
  // Looked up at every refresh: it may have been resized.
  const { columns = 80, rows = 24 } = process.stderr
  return <Screen view={view} columns={columns} rows={rows} />
}
