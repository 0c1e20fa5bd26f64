/** Along one axis: the first of the values that each new one is made of, how many there are, and their weights. */
interface Taps {
  readonly first: Int32Array
  readonly most: number
  /** [new value, tap] */
  readonly weight: Float32Array
}

/** Linear between values where there become more of them; the mean over what each covers where there become fewer. */
const tapsOf = (from: number, to: number): Taps => {
  const ratio = from / to
  const most = ratio <= 1 ? 2 : Math.ceil(ratio) + 1
  const first = new Int32Array(to)
  const weight = new Float32Array(to * most)
  for (let k = 0; k < to; k++) {
    if (ratio <= 1) {
      const at = Math.min(from - 1, Math.max(0, (k + 0.5) * ratio - 0.5))
      first[k] = Math.min(Math.max(0, from - 2), Math.floor(at))
      weight[k * most] = 1 - (at - first[k])
      weight[k * most + 1] = at - first[k]
      continue
    }
    const [low, high] = [k * ratio, Math.min(from, (k + 1) * ratio)]
    first[k] = Math.min(from - most, Math.floor(low))
    for (let tap = 0; tap < most; tap++) {
      const cell = first[k] + tap
      weight[k * most + tap] = Math.max(0, Math.min(high, cell + 1) - Math.max(low, cell)) / (high - low)
    }
  }
  return { first, most, weight }
}

/**
 * A plane image with other pixels over the same field: linear between the old ones where the new ones are smaller, means
 * over the old ones where they are larger.
 * @param values [row, column]
 * @param from   columns and rows, @param to columns and rows wanted, each ≥ 1
 * @returns      [row, column]
 */
export const resampled = (
  values: Float32Array,
  from: readonly [number, number],
  to: readonly [number, number],
): Float32Array => {
  const [[width, height], [wide, high]] = [from, to]
  if (wide === width && high === height) return values
  const [across, down] = [tapsOf(width, wide), tapsOf(height, high)]
  const between = new Float32Array(wide * height)
  for (let y = 0, p = 0; y < height; y++)
    for (let x = 0; x < wide; x++, p++) {
      let sum = 0
      const start = y * width + across.first[x]
      for (let tap = 0; tap < across.most; tap++) {
        const weight = across.weight[x * across.most + tap]
        if (weight !== 0) sum += weight * values[start + tap]
      }
      between[p] = sum
    }
  const out = new Float32Array(wide * high)
  for (let y = 0; y < high; y++)
    for (let tap = 0; tap < down.most; tap++) {
      const weight = down.weight[y * down.most + tap]
      if (weight === 0) continue
      const start = (down.first[y] + tap) * wide
      for (let x = 0; x < wide; x++) out[y * wide + x] += weight * between[start + x]
    }
  return out
}
