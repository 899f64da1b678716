// Keyed random numbers: a draw depends on the seed and its key alone, never on how many were drawn before.

/** FNV-1a over UTF-16 code units, 32 bit. */
export function hashText(text: string): number {
  return hashOn(0x811c9dc5, text)
}

/** The hash of a text whose beginning has the hash `start`. */
export function hashOn(start: number, text: string): number {
  let hash = start
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** MurmurHash3's 32-bit finaliser (Appleby, public domain): every input bit reaches every output bit. */
function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}

/** Takes a key in. The stride depends on what came before: one for all would make one label's draws another's, shifted. */
function fold(h: number, key: number): number {
  return mix((h + Math.imul(Math.imul(h, 0x9e3779b1) | 1, key)) | 0)
}

export type DrawKey = number | string

const word = (key: DrawKey): number => (typeof key === 'number' ? key : hashText(key))

export class Random {
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = mix(seed | 0) ^ Math.floor(seed / 2 ** 32)
  }

  /** A generator whose draws are independent of this one's, whatever their keys. */
  fork(label: string): Random {
    return new Random(mix(this.#seed ^ hashText(label)) >>> 0)
  }

  /** Uniform in [0, 1), 53 bits, from the seed and these keys alone. */
  at(label: DrawKey, a: DrawKey = 0, b: DrawKey = 0): number {
    const h = fold(fold(mix(this.#seed ^ word(label)), word(a)), word(b))
    const low = mix(h ^ 0x68e31da4)
    return ((h >>> 5) * 0x4000000 + (low >>> 6)) * 2 ** -53
  }
}
