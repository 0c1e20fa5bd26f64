/**
 * Numbers between answers, linear along x and y, each answer in the middle of its step × step pixels; constant beyond
 * the outermost.
 * @param values [row, column] @returns [row · step, column · step]
 */
export const enlarged = (values: Float32Array, height: number, width: number, step: number): Float32Array => {
  const out = new Float32Array(values.length * step * step)
  const place = (pixel: number, count: number): readonly [number, number, number] => {
    const at = Math.max(0, (pixel + 0.5) / step - 0.5)
    const low = Math.min(count - 1, Math.floor(at))
    return [low, Math.min(count - 1, low + 1), at - low]
  }
  for (let y = 0, i = 0; y < height * step; y++) {
    const [top, bottom, fy] = place(y, height)
    for (let x = 0; x < width * step; x++, i++) {
      const [left, right, fx] = place(x, width)
      out[i] =
        (1 - fy) * ((1 - fx) * values[top * width + left] + fx * values[top * width + right]) +
        fy * ((1 - fx) * values[bottom * width + left] + fx * values[bottom * width + right])
    }
  }
  return out
}
