import type { Random } from "../../array/random.ts"
import type { StarTargets } from "./loss.ts"

/** Sizes that all examples of a training share. */
export interface ExampleSizes {
  /** Of the images, multiples of `step` [pixel] */
  readonly width: number
  readonly height: number
  /** Pixels from answer to answer */
  readonly step: number
  readonly rayCount: number
}

/** Images with what a network should answer for them, one after the other in arrays that threads can share. */
export interface Examples extends ExampleSizes {
  readonly count: number
  /** [example, row, column], 0 … 1 for nearly all */
  readonly gray: Float32Array
  /** [example, row, column] of the answers */
  readonly probability: Float32Array
  /** [example, ray, row, column] of the answers, in parts of a pixel; see `distanceParts` */
  readonly distances: Uint16Array
}

/** Parts of a pixel in which distances are kept: 16 bits reach to a thousand pixels. */
export const distanceParts = 64

/** Numbers of one example in each array. */
export const exampleLengths = ({ width, height, step, rayCount }: ExampleSizes) => {
  const answers = (width / step) * (height / step)
  return { gray: width * height, probability: answers, distances: rayCount * answers }
}

/** One of the eight ways to lay a square onto itself: first x and y change places, then each may turn round. */
export interface Turn {
  readonly isTransposed: boolean
  readonly flipsX: boolean
  readonly flipsY: boolean
}

export const drawnTurn = (random: Random): Turn => {
  const which = random.integer(8)
  return { isTransposed: (which & 1) !== 0, flipsX: (which & 2) !== 0, flipsY: (which & 4) !== 0 }
}

/** Where a ray points after a turn. */
export const turnedRay = ({ isTransposed, flipsX, flipsY }: Turn, ray: number, rayCount: number): number => {
  let to = isTransposed ? rayCount / 4 - ray : ray
  if (flipsX) to = rayCount / 2 - to
  if (flipsY) to = -to
  return ((to % rayCount) + rayCount) % rayCount
}

/**
 * A square part of a plane, turned.
 * @param from   of a larger plane: place of its first number, and numbers from row to row
 * @param edge   of the square
 * @param out    [row, column], from `at` on
 */
const turnedInto = (
  plane: Float32Array | Uint16Array,
  from: number,
  stride: number,
  edge: number,
  { isTransposed, flipsX, flipsY }: Turn,
  factor: number,
  out: Float32Array,
  at: number,
): void => {
  for (let y = 0; y < edge; y++)
    for (let x = 0; x < edge; x++) {
      let [tx, ty] = isTransposed ? [y, x] : [x, y]
      if (flipsX) tx = edge - 1 - tx
      if (flipsY) ty = edge - 1 - ty
      out[at + ty * edge + tx] = factor * plane[from + y * stride + x]
    }
}

/** A square of an example: its gray values, and what is to be answered. */
export interface Crop {
  readonly gray: Float32Array
  readonly targets: StarTargets
}

/**
 * A square of an example, turned.
 * @param x    of its corner in the example; a multiple of `step`, as y and the edge
 */
export const cropOf = (examples: Examples, example: number, x: number, y: number, edge: number, turn: Turn): Crop => {
  const { width, height, step, rayCount, count } = examples
  const fits = [x, y, edge].every((value) => value % step === 0 && value >= 0)
  if (!(fits && x + edge <= width && y + edge <= height && example >= 0 && example < count)) {
    throw new RangeError(`a square of ${edge} at ${x}, ${y} of example ${example} in ${width} × ${height}`)
  }
  const lengths = exampleLengths(examples)
  const gray = new Float32Array(edge * edge)
  turnedInto(examples.gray, example * lengths.gray + y * width + x, width, edge, turn, 1, gray, 0)
  const [w, answers] = [width / step, edge / step]
  const corner = (y / step) * w + x / step
  const probability = new Float32Array(answers * answers)
  turnedInto(examples.probability, example * lengths.probability + corner, w, answers, turn, 1, probability, 0)
  const distances = new Float32Array(rayCount * answers * answers)
  for (let ray = 0; ray < rayCount; ray++) {
    const from = example * lengths.distances + ray * lengths.probability + corner
    const to = turnedRay(turn, ray, rayCount) * answers * answers
    turnedInto(examples.distances, from, w, answers, turn, 1 / distanceParts, distances, to)
  }
  return { gray, targets: { height: answers, width: answers, probability, distances } }
}

/** Nodes along each edge of the lattice on which the drift of gray values is drawn. */
const driftNodes = 4

/** Changes gray values as tomograms differ: brightness, contrast, a slow drift, noise. */
export const varyGray = (gray: Float32Array, edge: number, random: Random): void => {
  const [contrast, brightness] = [Math.exp(0.2 * random.normal()), 0.1 * random.normal()]
  const noise = 0.12 * random.uniform() ** 2
  const drift = 0.1 * random.uniform()
  const nodes = Float64Array.from({ length: driftNodes * driftNodes }, () => drift * random.normal())
  const pace = (driftNodes - 1) / edge
  for (let y = 0, i = 0; y < edge; y++) {
    const [row, fy] = [Math.floor(y * pace), (y * pace) % 1]
    for (let x = 0; x < edge; x++, i++) {
      const [column, fx] = [Math.floor(x * pace), (x * pace) % 1]
      const at = row * driftNodes + column
      const slow =
        (1 - fy) * ((1 - fx) * nodes[at] + fx * nodes[at + 1]) +
        fy * ((1 - fx) * nodes[at + driftNodes] + fx * nodes[at + driftNodes + 1])
      gray[i] = (gray[i] - 0.5) * contrast + 0.5 + brightness + slow + noise * random.normal()
    }
  }
}

/** A random, turned, varied square of one of some examples. @param among numbers of the examples */
export const drawnCrop = (examples: Examples, among: ArrayLike<number>, edge: number, random: Random): Crop => {
  const example = among[random.integer(among.length)]
  const { step, width, height } = examples
  const x = step * random.integer((width - edge) / step + 1)
  const y = step * random.integer((height - edge) / step + 1)
  const crop = cropOf(examples, example, x, y, edge, drawnTurn(random))
  varyGray(crop.gray, edge, random)
  return crop
}
