// Does something at the start of a run and again and again, in the time of its world.

interface Scheduling {
  readonly nowMs: number
  schedule(atMs: number, fire: () => void): void
}

/** `act` says how long until it is to act again; undefined: never. What it does is no part of the trace. */
export function again(world: Scheduling, act: (nowMs: number) => number | undefined): void {
  const step = () => {
    const inMs = act(world.nowMs)
    if (inMs !== undefined) world.schedule(world.nowMs + inMs, step)
  }
  world.schedule(0, step)
}
