/** Symmetric positive definite band matrix: entry (i, j), i − width ≤ j ≤ i, is at i × (width + 1) + i − j. */
export interface BandMatrix {
  readonly size: number
  readonly width: number
  readonly entries: Float64Array
}

export const bandMatrix = (size: number, width: number): BandMatrix => ({
  size,
  width,
  entries: new Float64Array(size * (width + 1)),
})

/** Adds to entry (i, j) and, by symmetry, to (j, i). */
export const addToBand = ({ width, entries }: BandMatrix, i: number, j: number, value: number): void => {
  entries[i > j ? i * (width + 1) + i - j : j * (width + 1) + j - i] += value
}

/** Solves in place by Cholesky factorisation; the matrix is overwritten by its factor. */
export const solveBand = ({ size, width, entries }: BandMatrix, right: Float64Array): void => {
  const stride = width + 1
  for (let i = 0; i < size; i++) {
    const first = Math.max(0, i - width)
    for (let j = first; j <= i; j++) {
      let sum = entries[i * stride + i - j]
      for (let k = Math.max(first, j - width); k < j; k++) {
        sum -= entries[i * stride + i - k] * entries[j * stride + j - k]
      }
      entries[i * stride + i - j] = i === j ? Math.sqrt(sum) : sum / entries[j * stride]
    }
    let value = right[i]
    for (let k = first; k < i; k++) value -= entries[i * stride + i - k] * right[k]
    right[i] = value / entries[i * stride]
  }
  for (let i = size - 1; i >= 0; i--) {
    let value = right[i]
    for (let k = i + 1; k <= Math.min(size - 1, i + width); k++) value -= entries[k * stride + k - i] * right[k]
    right[i] = value / entries[i * stride]
  }
}
