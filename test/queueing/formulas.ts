// The closed forms that the world is measured against, each with its source.
//
// Times are in units of the mean service time, so that μ = 1 and the arrival rate is the offered load a = λ ÷ μ;
// with c slots ρ = a ÷ c. "Gross" is D. Gross, J. F. Shortle, J. M. Thompson, C. M. Harris, Fundamentals of Queueing
// Theory, 4th ed. 2008; "Kleinrock" is L. Kleinrock, Queueing Systems, volume I: Theory, 1975.

/** Erlang B: the loss of M/M/c/c, by its recursion in the number of slots (Gross, § 2.6). */
export function erlangB(c: number, a: number): number {
  let loss = 1
  for (let k = 1; k <= c; k++) loss = (a * loss) / (k + a * loss)
  return loss
}

/**
 * Erlang C: the probability that an arrival to M/M/c has to wait, a < c (Kleinrock, § 3.5). Poisson arrivals see what
 * time shows, so it is the share of the arrivals, too (R. W. Wolff, Operations Research 30, 1982).
 */
export function erlangC(c: number, a: number): number {
  const loss = erlangB(c, a)
  return loss / (1 - (a / c) * (1 - loss))
}

/** The mean wait in M/M/c of all arrivals, those who do not wait included (Kleinrock, § 3.5). */
export function meanWait(c: number, a: number): number {
  return erlangC(c, a) / (c - a)
}

/** The mean number waiting in M/M/c, by Little's law L = λ·W (J. D. C. Little, Operations Research 9, 1961). */
export function meanWaiting(c: number, a: number): number {
  return a * meanWait(c, a)
}

/** The mean wait in M/G/1 by Pollaczek and Khinchine; `squares` is E[S²] ÷ E[S]² (Kleinrock, § 5.5). */
export function pollaczekKhinchine(rho: number, squares: number): number {
  return (rho * squares) / (2 * (1 - rho))
}

/**
 * M/M/c/K: the probability of n in the system, served and waiting, for n from 0 to K. That of K is the share of the
 * arrivals that is lost (Gross, § 2.5). Whether the newest is lost or the oldest that waits, the number in the system
 * is the same, so the law holds for both.
 */
export function inSystem(c: number, places: number, a: number): number[] {
  const weights = [1]
  for (let n = 1; n <= places; n++) weights.push(((weights[n - 1] ?? 0) * a) / Math.min(n, c))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

export function lossShare(c: number, places: number, a: number): number {
  return inSystem(c, places, a).at(-1) ?? Number.NaN
}

/** The mean of a figure that depends on the number in the system. */
export function average(system: readonly number[], figure: (n: number) => number): number {
  return system.reduce((sum, share, n) => sum + share * figure(n), 0)
}

/** The mean wait of those served in M/M/c/K that refuses the newest: Little's law over those let in (Gross, § 2.5). */
export function waitDropNewest(c: number, places: number, a: number): number {
  const waiting = average(inSystem(c, places, a), (n) => Math.max(0, n - c))
  return waiting / (a * (1 - lossShare(c, places, a)))
}

export interface DropOldest {
  readonly slots: number
  /** Places from which the oldest is pushed out when all are taken. */
  readonly droppable: number
  /** Places between those and the slots, from which nothing is pushed out. */
  readonly kept: number
}

/** Whether an arrival is served, and how long it waits: its mean, counted as 0 where it is not served. */
interface Prospect {
  readonly served: number
  readonly droppableWait: number
}

/**
 * The mean wait of those served in M/M/c/K that pushes out the oldest, as far as they wait in droppable places, and
 * in all. By first-step analysis (J. R. Norris, Markov Chains, 1997, § 3.3): while all slots are busy the next event is
 * a departure, at rate c, which moves a waiting one up, or an arrival, at rate a, which stands behind it, or, where
 * all droppable places are taken, pushes out the front and so moves it up, too.
 */
export function waitDropOldest(
  { slots: c, droppable, kept }: DropOldest,
  a: number,
): { droppable: number; whole: number } {
  /** Of one at `place`, 1 being the front, with `behind` more after it. */
  const prospect = (place: number, behind: number): Prospect => {
    const departed = place === 1 ? { served: 1, droppableWait: 0 } : prospect(place - 1, behind)
    const isFull = place + behind === droppable
    const pushedOut = { served: 0, droppableWait: 0 }
    const joined = !isFull
      ? prospect(place, behind + 1)
      : place === 1
        ? pushedOut
        : prospect(place - 1, behind + 1)
    const served = (c * departed.served + a * joined.served) / (c + a)
    const later = (c * departed.droppableWait + a * joined.droppableWait) / (c + a)
    return { served, droppableWait: later + served / (c + a) }
  }
  const arriving = (n: number): Prospect =>
    n < c + kept
      ? { served: 1, droppableWait: 0 }
      : prospect(Math.min(n - c - kept + 1, droppable), 0)
  const system = inSystem(c, c + kept + droppable, a)
  const served = average(system, (n) => arriving(n).served)
  const inDroppable = average(system, (n) => arriving(n).droppableWait) / served
  // Little's law over the kept places: who comes through them is served.
  const inKept = average(system, (n) => Math.min(kept, Math.max(0, n - c))) / (a * served)
  return { droppable: inDroppable, whole: inDroppable + inKept }
}

/**
 * Tries of an item that is tried up to n times, each failing with probability p, independently of the others: the k-th
 * is made with probability p^(k−1) (Bernoulli trials: W. Feller, An Introduction to Probability Theory and Its
 * Applications I, 3rd ed. 1968, ch. VI). Where each of m tries makes n of its own it is the innermost's law with n·m:
 * the amplification of B. Beyer et al., Site Reliability Engineering, 2016, ch. 22.
 */
export function tries(p: number, n: number): { mean: number; failed: number } {
  return { mean: (1 - p ** n) / (1 - p), failed: p ** n }
}

/**
 * How long the backlog takes to drain that a standstill of one slot leaves. As a fluid λT ÷ (μ − λ) (G. F. Newell,
 * Applications of Queueing Theory, 2nd ed. 1982, ch. 2). In M/G/1 the same is the mean: a Poisson number of jobs, λT on
 * average, stands there, and each makes for a busy period of its own, of mean E[S] ÷ (1 − ρ) (Kleinrock, § 5.8).
 */
export function drainTime(rho: number, outage: number): number {
  return (rho * outage) / (1 - rho)
}

/**
 * The same in D/D/1, arrivals from the standstill's beginning on: n services after its end the n jobs that have come
 * are done, for the least n for which the next has not come before, n·gap ≥ outage + n.
 */
export function drainTimeInServices(gap: number, outage: number): number {
  return Math.ceil(outage / (gap - 1))
}
