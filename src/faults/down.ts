// Takes hosts down until it lets go of them, and counts those that it kept down.
import type { Evidence, Hands } from '../worlds/world.ts'

export function takeDown(
  victims: readonly ReturnType<Hands['host']>[],
  evidence: Evidence,
): Disposable {
  const count = (what: string, by: number) => {
    evidence[what] = (evidence[what] ?? 0) + by
  }
  const wereDown = victims.filter((host) => !host.alive())
  count('touched', victims.length - wereDown.length)
  for (const host of victims) {
    const cut = host.crash()
    if (cut !== undefined) count('connectionsCut', cut)
  }
  return {
    [Symbol.dispose]() {
      for (const host of victims) host.start()
      // One that another fault had taken down first would have been up since that let go of it.
      count('touched', wereDown.filter((host) => host.alive()).length)
    },
  }
}
