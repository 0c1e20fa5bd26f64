/**
 * A seeded stream of random numbers: the same seed gives the same stream on every machine.
 * Not for cryptography.
 */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  readonly uniform: () => number
  /** Standard normal. */
  readonly normal: () => number
  /** Uniform integer in [0, bound), 1 ≤ bound ≤ 2³². */
  readonly integer: (bound: number) => number
  /** The numbers 0 … count−1 in random order. */
  readonly permutation: (count: number) => Int32Array
  /** An independent stream, seeded from this one. */
  readonly split: () => Random
}

/** splitmix32: spreads a 32-bit seed over the state. */
const spread = (seed: number): (() => number) => {
  let state = seed | 0
  return () => {
    state = (state + 0x9e3779b9) | 0
    let z = state
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return z ^ (z >>> 15)
  }
}

/**
 * A stream of random numbers by xoshiro128** started from splitmix32.
 * @param seed any finite number; its fraction is dropped and it is taken modulo 2⁵³
 * @source D. Blackman, S. Vigna, ACM Trans. Math. Softw. 47 (2021) 36, doi:10.1145/3460772
 */
export const seededRandom = (seed: number): Random => {
  if (!Number.isFinite(seed)) throw new RangeError(`seed is ${seed}`)
  const whole = Math.trunc(seed)
  const low = spread(whole)
  // Another start than that of the low half, so that equal halves do not cancel.
  const high = spread(Math.floor(whole / 2 ** 32) + 0x5bf03635)
  let a = low() ^ high()
  let b = low() ^ high()
  let c = low() ^ high()
  let d = (low() ^ high()) | 1

  const bits = (): number => {
    const five = Math.imul(b, 5)
    const out = Math.imul((five << 7) | (five >>> 25), 9)
    const t = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= t
    d = (d << 11) | (d >>> 21)
    return out >>> 0
  }
  const uniform = (): number => ((bits() >>> 5) * 2 ** 26 + (bits() >>> 6)) * 2 ** -53
  const integer = (bound: number): number => {
    if (!(bound >= 1 && bound <= 2 ** 32)) throw new RangeError(`bound is ${bound}`)
    // Values past the last whole multiple would favour small results.
    const limit = 2 ** 32 - (2 ** 32 % bound)
    let value = bits()
    while (value >= limit) value = bits()
    return value % bound
  }
  let spare = Number.NaN
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare
      spare = Number.NaN
      return value
    }
    // Marsaglia's polar method gives two at once.
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const s = x * x + y * y
      if (s >= 1 || s === 0) continue
      const scale = Math.sqrt((-2 * Math.log(s)) / s)
      spare = y * scale
      return x * scale
    }
  }
  const permutation = (count: number): Int32Array => {
    const out = Int32Array.from({ length: count }, (_, i) => i)
    for (let i = count - 1; i > 0; i--) {
      const j = integer(i + 1)
      const kept = out[i]
      out[i] = out[j]
      out[j] = kept
    }
    return out
  }
  return { uniform, normal, integer, permutation, split: () => seededRandom(bits() * 2 ** 21 + (bits() >>> 11)) }
}
