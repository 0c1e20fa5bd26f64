const hilbertLevels = 16

/** Place of a point along a Hilbert curve through the unit square, for x and y in [0, 1). */
export const hilbertIndex = (x: number, y: number): number => {
  const side = 2 ** hilbertLevels
  let i = Math.min(side - 1, Math.max(0, Math.floor(x * side)))
  let j = Math.min(side - 1, Math.max(0, Math.floor(y * side)))
  let index = 0
  for (let step = side / 2; step >= 1; step /= 2) {
    const right = i >= step ? 1 : 0
    const upper = j >= step ? 1 : 0
    index += step * step * ((3 * right) ^ upper)
    i -= right * step
    j -= upper * step
    if (upper === 1) continue
    // The lower quadrants are transposed, the right one about the other diagonal.
    if (right === 1) {
      i = step - 1 - i
      j = step - 1 - j
    }
    const swap = i
    i = j
    j = swap
  }
  return index
}

/**
 * Cells in the order of their centres along a Hilbert curve: cells near in memory are near in space.
 * @returns [new place] old cell
 * @source D. Hilbert, Math. Ann. 38 (1891) 459–460
 */
export const hilbertOrder = (position: Float64Array, cellToVertex: Int32Array): Int32Array => {
  const count = cellToVertex.length / 3
  let [x0, y0, span] = [Infinity, Infinity, 0]
  for (let k = 0; k < position.length; k += 2) {
    x0 = Math.min(x0, position[k])
    y0 = Math.min(y0, position[k + 1])
  }
  for (let k = 0; k < position.length; k += 2) span = Math.max(span, position[k] - x0, position[k + 1] - y0)
  const key = new Float64Array(count)
  for (let cell = 0; cell < count; cell++) {
    let [x, y] = [0, 0]
    for (let k = 0; k < 3; k++) {
      x += position[2 * cellToVertex[3 * cell + k]] / 3
      y += position[2 * cellToVertex[3 * cell + k] + 1] / 3
    }
    key[cell] = hilbertIndex((x - x0) / span, (y - y0) / span)
  }
  return Int32Array.from({ length: count }, (_, cell) => cell).sort(
    (one, other) => key[one] - key[other] || one - other,
  )
}
