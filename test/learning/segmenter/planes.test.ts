import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { seededRandom } from "../../../src/array/random.ts"
import { Workspace } from "../../../src/kernels/workspace.ts"
import {
  convolutionKernel,
  padded,
  planeSize,
  readPlanes,
  writePlanes,
} from "../../../src/learning/segmenter/planes.ts"

/** Sizes of an image, and of the channels on both sides. */
const shapes = fc.record({
  height: fc.integer({ min: 1, max: 19 }),
  width: fc.integer({ min: 1, max: 3 }).map((eights) => 8 * eights),
  inputs: fc.integer({ min: 1, max: 2 }).map((fours) => 4 * fours),
  outputs: fc.integer({ min: 1, max: 10 }),
  taps: fc.constantFrom(1, 9),
  seed: fc.nat(),
})

/** Whole numbers, whose sums of products 32 bits hold exactly. */
const drawn = (seed: number, count: number): Float32Array => {
  const random = seededRandom(seed)
  return Float32Array.from({ length: count }, () => random.integer(17) - 8)
}

/** [channel, row, column] at a place; 0 outside. */
const at = (values: ArrayLike<number>, channel: number, height: number, width: number, y: number, x: number): number =>
  y < 0 || y >= height || x < 0 || x >= width ? 0 : values[(channel * height + y) * width + x]

const offsets = (taps: number): readonly (readonly [number, number])[] =>
  taps === 1 ? [[0, 0]] : [-1, 0, 1].flatMap((y) => [-1, 0, 1].map((x) => [y, x] as const))

interface Laid {
  readonly work: Workspace
  readonly addresses: readonly number[]
}

/** Blocks of so many numbers, all zero. */
const laid = (...counts: readonly number[]): Laid => {
  const work = new Workspace()
  const addresses = work.lay(...counts.map((count) => 4 * count))
  addresses.forEach((address, k) => {
    work.floats(address, counts[k]).fill(0)
  })
  return { work, addresses }
}

describe("convolution", () => {
  it("is the sum over taps and inputs", () => {
    fc.assert(
      fc.property(shapes, fc.boolean(), ({ height, width, inputs, outputs, taps, seed }, rectified) => {
        const plane = planeSize(height, width)
        const most = padded(outputs)
        const image = drawn(seed, inputs * height * width)
        const weights = drawn(seed + 1, outputs * inputs * taps)
        const biases = drawn(seed + 2, outputs)
        const { work, addresses } = laid(inputs * plane, most * plane, weights.length, most * inputs * taps, most)
        const [from, to, raw, ready, bias] = addresses
        const kernel = work.use(convolutionKernel)
        writePlanes(image, inputs, height, width, work.floats(from, inputs * plane))
        work.floats(raw, weights.length).set(weights)
        work.floats(bias, outputs).set(biases)
        kernel.packForward(raw, outputs, most, inputs, taps, ready)
        kernel.convolve(from, inputs, ready, bias, to, most, height, width, taps, rectified ? 1 : 0)
        const found = readPlanes(work.floats(to, most * plane), outputs, height, width)
        const rim = work.floats(to, most * plane).reduce((sum, value) => sum + value, 0)
        let inside = 0
        for (let o = 0, i = 0; o < outputs; o++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++, i++) {
              let sum = biases[o]
              for (let c = 0; c < inputs; c++)
                offsets(taps).forEach(([dy, dx], t) => {
                  sum += weights[(o * inputs + c) * taps + t] * at(image, c, height, width, y + dy, x + dx)
                })
              const expected = rectified ? Math.max(0, sum) : sum
              expect(found[i]).toBe(expected)
              inside += expected
            }
        expect(rim).toBe(inside)
        work.close()
      }),
      { numRuns: 30 },
    )
  })

  it("goes back as the transposed sum, and weights and biases get their share", () => {
    fc.assert(
      fc.property(shapes, ({ height, width, inputs, outputs, taps, seed }) => {
        const plane = planeSize(height, width)
        const most = padded(outputs)
        const image = drawn(seed, inputs * height * width)
        const slopes = drawn(seed + 1, outputs * height * width)
        const weights = drawn(seed + 2, outputs * inputs * taps)
        const counts = [inputs * plane, most * plane, weights.length, most * inputs * taps, inputs * plane]
        const { work, addresses } = laid(...counts, weights.length, outputs)
        const [from, slope, raw, ready, back, gradient, sums] = addresses
        const kernel = work.use(convolutionKernel)
        writePlanes(image, inputs, height, width, work.floats(from, inputs * plane))
        writePlanes(slopes, outputs, height, width, work.floats(slope, most * plane))
        work.floats(raw, weights.length).set(weights)
        kernel.packBackward(raw, outputs, most, inputs, taps, ready)
        kernel.convolve(slope, most, ready, 0, back, inputs, height, width, taps, 0)
        kernel.addWeightSlopes(slope, outputs, from, inputs, height, width, taps, gradient)
        kernel.addPlaneSums(slope, outputs, height, width, sums)
        const found = readPlanes(work.floats(back, inputs * plane), inputs, height, width)
        const expected = new Float64Array(found.length)
        const weightSlopes = new Float64Array(weights.length)
        const biasSlopes = new Float64Array(outputs)
        for (let o = 0, i = 0; o < outputs; o++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++, i++) {
              biasSlopes[o] += slopes[i]
              for (let c = 0; c < inputs; c++)
                offsets(taps).forEach(([dy, dx], t) => {
                  const weight = (o * inputs + c) * taps + t
                  weightSlopes[weight] += slopes[i] * at(image, c, height, width, y + dy, x + dx)
                  if (y + dy < 0 || y + dy >= height || x + dx < 0 || x + dx >= width) return
                  expected[(c * height + y + dy) * width + x + dx] += slopes[i] * weights[weight]
                })
            }
        expect([...found]).toEqual([...expected])
        expect([...work.floats(gradient, weights.length)]).toEqual([...weightSlopes])
        expect([...work.floats(sums, outputs)]).toEqual([...biasSlopes])
        work.close()
      }),
      { numRuns: 30 },
    )
  })
})

describe("pooling and enlarging", () => {
  it("takes the largest of four and gives the slope to it alone", () => {
    fc.assert(
      fc.property(shapes, ({ height, width, inputs, seed }) => {
        const [large, small] = [planeSize(2 * height, 2 * width), planeSize(height, width)]
        const { work, addresses } = laid(inputs * large, inputs * small, inputs * small, inputs * large)
        const [from, to, slope, back] = addresses
        const kernel = work.use(convolutionKernel)
        const image = drawn(seed, inputs * 4 * height * width)
        const slopes = drawn(seed + 1, inputs * height * width)
        writePlanes(image, inputs, 2 * height, 2 * width, work.floats(from, inputs * large))
        writePlanes(slopes, inputs, height, width, work.floats(slope, inputs * small))
        kernel.pool(from, inputs, height, width, to)
        kernel.addPoolSlopes(slope, to, inputs, height, width, from, back)
        const found = readPlanes(work.floats(to, inputs * small), inputs, height, width)
        const given = readPlanes(work.floats(back, inputs * large), inputs, 2 * height, 2 * width)
        const expected = new Float64Array(given.length)
        for (let c = 0, i = 0; c < inputs; c++)
          for (let y = 0; y < height; y++)
            for (let x = 0; x < width; x++, i++) {
              const four = [0, 1, 2, 3].map((k) => (c * 2 * height + 2 * y + (k >> 1)) * 2 * width + 2 * x + (k & 1))
              const most = Math.max(...four.map((place) => image[place]))
              expect(found[i]).toBe(most)
              expected[four.find((place) => image[place] === most)!] += slopes[i]
            }
        expect([...given]).toEqual([...expected])
        work.close()
      }),
      { numRuns: 20 },
    )
  })

  it("repeats each pixel four times, and adds four slopes on the way back", () => {
    fc.assert(
      fc.property(shapes, ({ height, width, inputs, seed }) => {
        const [large, small] = [planeSize(2 * height, 2 * width), planeSize(height, width)]
        const { work, addresses } = laid(inputs * small, inputs * large, inputs * small)
        const [from, to, back] = addresses
        const kernel = work.use(convolutionKernel)
        const image = drawn(seed, inputs * height * width)
        writePlanes(image, inputs, height, width, work.floats(from, inputs * small))
        kernel.enlarge(from, inputs, height, width, to)
        kernel.reduceSlopes(to, inputs, height, width, back)
        const found = readPlanes(work.floats(to, inputs * large), inputs, 2 * height, 2 * width)
        for (let c = 0, i = 0; c < inputs; c++)
          for (let y = 0; y < 2 * height; y++)
            for (let x = 0; x < 2 * width; x++, i++) expect(found[i]).toBe(at(image, c, height, width, y >> 1, x >> 1))
        const sums = readPlanes(work.floats(back, inputs * small), inputs, height, width)
        expect([...sums]).toEqual([...image].map((value) => 4 * value))
        work.close()
      }),
      { numRuns: 20 },
    )
  })
})

describe("rectifier", () => {
  it("lets slopes through where values are positive", () => {
    const [height, width] = [2, 8]
    const plane = planeSize(height, width)
    const { work, addresses } = laid(plane, plane)
    const [slope, values] = addresses
    writePlanes(drawn(1, 16), 1, height, width, work.floats(values, plane))
    writePlanes(drawn(2, 16), 1, height, width, work.floats(slope, plane))
    work.use(convolutionKernel).backThroughRectifier(slope, values, 1, height, width)
    const found = readPlanes(work.floats(slope, plane), 1, height, width)
    const expected = drawn(2, 16).map((value, k) => (drawn(1, 16)[k] > 0 ? value : 0))
    expect([...found].map((value) => value + 0)).toEqual([...expected])
    work.close()
  })
})
