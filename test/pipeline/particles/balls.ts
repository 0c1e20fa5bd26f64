import { seededRandom } from "../../../src/array/random.ts"
import { encodedTiff } from "../../../src/formats/tomogram-writer.ts"
import type { Triple } from "../../../src/image/brick.ts"

/** A ball in voxels; its centre counts from the low corner of the volume. */
export interface TrueBall {
  readonly centre: Triple
  readonly radius: number
  /** Number of a row of balls, from 1 */
  readonly label: number
  readonly isCut: boolean
}

/** Edge of a voxel [m] */
export const voxel = 400e-9
export const shape: Triple = [62, 42, 28]

/**
 * Balls of five to six voxels of radius that keep apart, but for a pair that touches; the last one is cut in half by the
 * border at high x.
 */
export const trueBalls: readonly TrueBall[] = (() => {
  const balls: TrueBall[] = []
  for (let z = 0; z < 2; z++)
    for (let y = 0; y < 3; y++)
      for (let x = 0; x < 4; x++) {
        const label = balls.length + 1
        const radius = 5 + ((label * 7) % 11) / 10
        // The second ball of the first row stands against the first.
        const centre: Triple = [
          x === 1 && y === 0 && z === 0 ? 7 + 5.7 + radius - 0.4 : 7 + 14 * x,
          7 + 14 * y,
          7 + 14 * z,
        ]
        balls.push({ centre, radius, label, isCut: false })
      }
  return [...balls, { centre: [62, 21, 21], radius: 5, label: balls.length + 1, isCut: true }]
})()

/** Below this layer the matrix is carbon/binder, above it void; no ball reaches through. */
const matrixLayer = 14

const each = <A extends Int32Array | Uint8Array | Uint16Array>(
  out: A,
  value: (label: number, z: number) => number,
): A => {
  const [nx, ny, nz] = shape
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        const ball = trueBalls.find(
          ({ centre, radius }) =>
            (x + 0.5 - centre[0]) ** 2 + (y + 0.5 - centre[1]) ** 2 + (z + 0.5 - centre[2]) ** 2 <= radius * radius,
        )
        out[i] = value(ball?.label ?? 0, z)
      }
  return out
}

/** Voxels of each ball, by its label less one. */
export const ballSizes = (): Int32Array => {
  const sizes = new Int32Array(trueBalls.length)
  for (const label of ballLabels(1)) if (label > 0) sizes[label - 1]++
  return sizes
}

const size = shape[0] * shape[1] * shape[2]

/** Numbers of the balls; every one of them times a factor, so that there are gaps. */
export const ballLabels = (factor: number): Int32Array => each(new Int32Array(size), (label) => factor * label)

/** 0 void, 1 particle, 2 carbon/binder */
export const ballPhases = (): Uint8Array =>
  each(new Uint8Array(size), (label, z) => (label > 0 ? 1 : z < matrixLayer ? 2 : 0))

/** Gray values of balls at 30,000 in a matrix at 10,000, with noise of 1,500. */
export const ballGray = (): Uint16Array => {
  const random = seededRandom(12)
  return each(new Uint16Array(size), (label) => (label > 0 ? 30_000 : 10_000) + 1500 * random.normal())
}

/** Any of them as a TIFF stack that states its voxel size. */
export const ballTiff = (values: Int32Array | Uint8Array | Uint16Array): Uint8Array => {
  const [width, height, depth] = shape
  const plane = width * height
  return encodedTiff({
    width,
    height,
    pixel: voxel,
    planes: Array.from({ length: depth }, (_, z) => values.subarray(z * plane, (z + 1) * plane)),
  })
}
