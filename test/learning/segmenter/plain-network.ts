import { networkPlan, type StarNetworkShape } from "../../../src/learning/segmenter/shape.ts"

/** The same network in 64 bits and plain loops: [1 + ray, row, column]. */
export const plainAnswers = (
  shape: StarNetworkShape,
  parameters: Float64Array,
  image: ArrayLike<number>,
  height: number,
  width: number,
): Float64Array => {
  const plan = networkPlan(shape)
  const sizes = plan.blocks.map(({ level }) => [height >> level, width >> level])
  const blocks = plan.blocks.map(({ channels }, k) => new Float64Array(channels * sizes[k][0] * sizes[k][1]))
  blocks[0].set(Array.from(image))
  for (const step of plan.steps) {
    const [from, to] = [blocks[step.from.block], blocks[step.to.block]]
    const [[h, w], [rows, columns]] = [sizes[step.to.block], sizes[step.from.block]]
    const read = (c: number, y: number, x: number): number =>
      y < 0 || x < 0 || y >= rows || x >= columns ? 0 : from[((step.from.first + c) * rows + y) * columns + x]
    for (let o = 0; o < step.to.count; o++)
      for (let y = 0; y < h; y++)
        for (let x = 0; x < w; x++) {
          let value = 0
          if (step.kind === "pool") {
            value = Math.max(...[0, 1, 2, 3].map((k) => read(o, 2 * y + (k >> 1), 2 * x + (k & 1))))
          } else if (step.kind === "enlarge") value = read(o, y >> 1, x >> 1)
          else {
            value = parameters[step.biases + o]
            for (let c = 0; c < step.from.count; c++)
              for (let t = 0; t < step.taps; t++) {
                const [dy, dx] = step.taps === 1 ? [0, 0] : [Math.floor(t / 3) - 1, (t % 3) - 1]
                const weight = parameters[step.weights + (o * step.from.count + c) * step.taps + t]
                value += weight * read(c, y + dy, x + dx)
              }
            if (step.rectified) value = Math.max(0, value)
          }
          to[((step.to.first + o) * h + y) * w + x] = value
        }
  }
  return blocks[blocks.length - 1]
}
