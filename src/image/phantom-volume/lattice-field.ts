import { type Box, boxShape } from "../brick.ts"

/**
 * A random 32-bit number for each point of an integer lattice: the same seed and point give the same number whatever is
 * asked before, so that a box of a field does not depend on the boxes around it.
 * @source A. Appleby (2011), MurmurHash3 (its last mixing), public domain
 */
export const latticeBits = (seed: number, x: number, y: number, z: number): number => {
  let h = seed ^ Math.imul(x, 0x8da6b343) ^ Math.imul(y, 0xd8163841) ^ Math.imul(z, 0xcb1ab31f)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  h ^= h >>> 16
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d)
  h = Math.imul(h ^ (h >>> 12), 0x297a2d39)
  return h ^ (h >>> 15)
}

/** Sum of the four bytes of a random number: mean and standard deviation */
const byteMean = 510
const byteDeviation = Math.sqrt((4 * (256 * 256 - 1)) / 12)

/** Nearly normal, mean 0 and deviation 1, from the bytes of a random number; never beyond 3.46. */
const normalOf = (bits: number): number =>
  ((bits & 255) + ((bits >>> 8) & 255) + ((bits >>> 16) & 255) + (bits >>> 24) - byteMean) / byteDeviation

/** Cubic B-spline weights of the nodes −1, 0, 1 and 2 at a place between nodes 0 and 1. */
export const splineWeights = (t: number): readonly [number, number, number, number] => {
  const s = 1 - t
  return [(s * s * s) / 6, (4 - 6 * t * t + 3 * t * t * t) / 6, (4 - 6 * s * s + 3 * s * s * s) / 6, (t * t * t) / 6]
}

/** Mean of Σ w² over the places between two nodes, once an axis. */
export const splinePower = 151 / 315

/** First node and weights for each voxel of a box along one axis. */
const axisWeights = (from: number, to: number, spacing: number) => {
  const first = Math.floor(from / spacing) - 1
  const node = new Int32Array(to - from)
  const weight = new Float64Array(4 * (to - from))
  for (let i = 0; i < to - from; i++) {
    const place = (from + i) / spacing
    const below = Math.floor(place)
    node[i] = below - 1 - first
    weight.set(splineWeights(place - below), 4 * i)
  }
  return { first, node, weight, count: Math.floor((to - 1) / spacing) + 3 - first }
}

/**
 * A smooth random field of mean 0 and deviation about 1: cubic B-splines on a lattice of random numbers, close to white
 * noise blurred by a Gaussian of 0.58 lattice spacings.
 * @param spacing  of the lattice, ≥ 1 [voxel]
 * @returns        [voxel], x fastest
 */
export const smoothField = (seed: number, spacing: number, box: Box): Float32Array => {
  if (!(spacing >= 1)) throw new RangeError(`the lattice of a field is ${spacing} voxels wide`)
  const [nx, ny, nz] = boxShape(box)
  const [ax, ay, az] = ([0, 1, 2] as const).map((axis) => axisWeights(box.from[axis], box.to[axis], spacing))
  const nodes = new Float32Array(ax.count * ay.count * az.count)
  for (let k = 0, n = 0; k < az.count; k++)
    for (let j = 0; j < ay.count; j++)
      for (let i = 0; i < ax.count; i++)
        nodes[n++] = normalOf(latticeBits(seed, ax.first + i, ay.first + j, az.first + k))
  const scale = splinePower ** -1.5
  const plane = new Float64Array(ax.count * ay.count)
  const row = new Float64Array(ax.count)
  const out = new Float32Array(nx * ny * nz)
  for (let z = 0, i = 0; z < nz; z++) {
    for (let n = 0; n < plane.length; n++) {
      let sum = 0
      for (let k = 0; k < 4; k++) sum += az.weight[4 * z + k] * nodes[n + plane.length * (az.node[z] + k)]
      plane[n] = sum * scale
    }
    for (let y = 0; y < ny; y++) {
      for (let n = 0; n < row.length; n++) {
        let sum = 0
        for (let j = 0; j < 4; j++) sum += ay.weight[4 * y + j] * plane[n + ax.count * (ay.node[y] + j)]
        row[n] = sum
      }
      for (let x = 0; x < nx; x++, i++) {
        const at = ax.node[x]
        const w = 4 * x
        out[i] =
          ax.weight[w] * row[at] +
          ax.weight[w + 1] * row[at + 1] +
          ax.weight[w + 2] * row[at + 2] +
          ax.weight[w + 3] * row[at + 3]
      }
    }
  }
  return out
}
