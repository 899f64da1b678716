// Ends a process and all of its group, without waiting for anything but its death.
import { startOf, UNTOLD } from './process-identity.ts'

/** A process that was killed is gone after this long, or is held up in the kernel and stays for ever. */
const GONE_WITHIN_MS = 5_000
const LOOK_EVERY_MS = 5

/** Asks, or forces, a process that leads a group of its own. Harmless where it is gone. */
export function signalGroup(pid: number, signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL'): void {
  for (const target of [-pid, pid])
    try {
      process.kill(target, signal)
      return
    } catch {
      // Windows has no groups; and what is gone needs nothing.
    }
}

/** To all that is left of a group, whether its first process still lives or not; false where nothing is left. */
export function signalGroupAlone(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(-pid, signal)
    return true
  } catch {
    return false
  }
}

/** True: no such process is left. A pid that now means another process is let be. */
export function killNow(pid: number, startedAt: string): boolean {
  if (startedAt === UNTOLD) return startOf(pid) === undefined
  if (startOf(pid) !== startedAt) return true
  signalGroup(pid, 'SIGKILL')
  const look = new Int32Array(new SharedArrayBuffer(4))
  for (let waitedMs = 0; waitedMs < GONE_WITHIN_MS; waitedMs += LOOK_EVERY_MS) {
    if (startOf(pid) !== startedAt) return true
    Atomics.wait(look, 0, 0, LOOK_EVERY_MS)
  }
  return false
}
