// How far each call under way has come, told by the interposer to the caller's thread through shared memory.
//
// A proxy has accepted the connection before it knows which call it carries, so a refusal or a connection that never
// comes about cannot be shown by the socket alone: the caller reads here what the network would have shown it.

/** `aborted`: a fault has made the caller hang up. */
export const CallStage = {
  unknown: 0,
  connecting: 1,
  connected: 2,
  refused: 3,
  aborted: 4,
} as const
export type CallStage = (typeof CallStage)[keyof typeof CallStage]

const SLOTS = 1 << 16
/** Of each slot: a byte for the stage, after a double for when it was connected. */
const BYTES = SLOTS * (Float64Array.BYTES_PER_ELEMENT + 1)
/** The header that names a call's slot; the interposer takes it off. */
export const CALL_HEADER = 'x-aftershock-call'
/** Of an answer: how much of its time was asked for, by rules and by our own hosts, ms of the world. */
export const ASKED_HEADER = 'x-aftershock-asked'

export class CallStages {
  readonly buffer: SharedArrayBuffer
  readonly #bytes: Uint8Array
  readonly #connectedMs: Float64Array
  #next = 0

  constructor(buffer = new SharedArrayBuffer(BYTES)) {
    this.buffer = buffer
    this.#connectedMs = new Float64Array(buffer, 0, SLOTS)
    this.#bytes = new Uint8Array(buffer, this.#connectedMs.byteLength)
  }

  /** For a new call. Slots come round again after many thousands of calls. */
  take(offset: number): number {
    // Each thread takes from its own half.
    const slot = offset + (this.#next++ % (SLOTS / 2))
    this.#bytes[slot] = CallStage.unknown
    return slot
  }

  set(slot: number, stage: CallStage): void {
    if (slot >= 0 && slot < SLOTS) this.#bytes[slot] = stage
  }

  /** From now on, ms of the world, unless it was before. */
  connected(slot: number, nowMs: number): void {
    if (slot < 0 || slot >= SLOTS || this.get(slot) === CallStage.connected) return
    this.#connectedMs[slot] = nowMs
    this.#bytes[slot] = CallStage.connected
  }

  /** Since when, ms of the world; undefined for a call that is not connected. */
  connectedMs(slot: number): number | undefined {
    return this.get(slot) === CallStage.connected ? this.#connectedMs[slot] : undefined
  }

  get(slot: number): CallStage {
    return (this.#bytes[slot] ?? CallStage.unknown) as CallStage
  }
}

export const MAIN_THREAD_SLOTS = 0
export const WORKER_THREAD_SLOTS = SLOTS / 2
