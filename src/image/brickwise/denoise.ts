import type { Workspace } from "../../kernels/workspace.ts"
import { type Box, boxShape, type Triple } from "../brick.ts"
import { type DenoiseExports, denoiseKernel } from "../denoise-kernel.ts"
import type { NonLocalMeansSettings } from "../nonlocal-means.ts"
import type { Denoise } from "../settings.ts"
import { mirrored } from "../smoothing.ts"

/** Gaussian weights are cut off here [σ] */
const cutOff = 4

/** How far around a voxel a filter looks [voxel] */
export const denoiseHalo = (denoise: Denoise): number => {
  switch (denoise.kind) {
    case "none":
      return 0
    case "median":
      return denoise.radius
    case "gaussian":
      return Math.ceil(cutOff * denoise.sigma)
    case "non-local-means":
      return denoise.settings.search + denoise.settings.patch
  }
}

/** Bytes a voxel that `denoiseStage` lays out. */
export const denoiseBytes = (denoise: Denoise): number => (denoise.kind === "non-local-means" ? 20 : 8)

/** Fills what lies outside of the volume with its mirror image; the edge voxel is repeated once. */
export const mirrorOutside = (values: Float32Array, box: Box, whole: Triple): void => {
  const [nx, ny, nz] = boxShape(box)
  const isInside = [0, 1, 2].every((axis) => box.from[axis] >= 0 && box.to[axis] <= whole[axis])
  if (isInside) return
  /** Place within the box of what stands at each of its places along an axis */
  const sourceOf = (axis: 0 | 1 | 2): Int32Array =>
    Int32Array.from(
      { length: box.to[axis] - box.from[axis] },
      (_, i) => mirrored(box.from[axis] + i, whole[axis]) - box.from[axis],
    )
  const [sx, sy, sz] = [sourceOf(0), sourceOf(1), sourceOf(2)]
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      const row = nx * (y + ny * z)
      const source = nx * (sy[y] + ny * sz[z])
      // Rows of the volume are right but for their ends; others are taken from their mirror images.
      for (let x = 0; x < nx; x++) values[row + x] = values[source + sx[x]]
    }
}

/** Offsets of a cube around a voxel. */
const cube = ([nx, ny]: Triple, radius: number): Int32Array => {
  const out: number[] = []
  for (let z = -radius; z <= radius; z++)
    for (let y = -radius; y <= radius; y++) for (let x = -radius; x <= radius; x++) out.push(x + nx * (y + ny * z))
  return Int32Array.from(out)
}

const gaussianWeights = (sigma: number): Float32Array => {
  const radius = Math.ceil(cutOff * sigma)
  const weights = Float64Array.from({ length: radius + 1 }, (_, k) => Math.exp((-k * k) / (2 * sigma * sigma)))
  const total = 2 * weights.reduce((sum, w) => sum + w, 0) - weights[0]
  return Float32Array.from(weights, (w) => w / total)
}

/**
 * Takes the noise off a box. Every voxel is a function of its surroundings alone, computed in the same order wherever
 * the box begins: the result does not depend on boxes.
 *
 * @param shape voxels along x, y and z with a rim as wide as `denoiseHalo` on every side
 * @returns `values` [voxel] to be filled; `run` gives [voxel] values, right inside of the rim, valid until the workspace
 *   is used again
 */
export const denoiseStage = (work: Workspace, shape: Triple, denoise: Denoise) => {
  const [nx, ny, nz] = shape
  const size = nx * ny * nz
  const halo = denoiseHalo(denoise)
  /** First voxel inside the rim and the one after the last */
  const first = halo * (1 + nx * (1 + ny))
  const end = size - first
  const { blend, middle, middleOfCube, differences, gatherAlike, divide } = work.use(denoiseKernel)

  if (denoise.kind === "median" && denoise.radius === 1) {
    const [values, out, scratch] = work.lay(4 * size, 4 * size, 36 * (nx + 8) + 13 * 16)
    return {
      values: work.floats(values, size),
      run: (): Float32Array => {
        middleOfCube(values, nx, ny, nz, scratch, out)
        return work.floats(out, size)
      },
    }
  }

  if (denoise.kind === "median") {
    const steps = cube(shape, denoise.radius)
    const scratchBytes = 16 * ((steps.length >> 1) + 2)
    const [values, out, offsets, scratch] = work.lay(4 * size, 4 * size, 4 * steps.length, scratchBytes)
    return {
      values: work.floats(values, size),
      run: (): Float32Array => {
        work.ints(offsets, steps.length).set(steps)
        middle(values, first, end, offsets, steps.length, scratch, out)
        return work.floats(out, size)
      },
    }
  }

  if (denoise.kind === "gaussian" && denoise.sigma > 0) {
    const weights = gaussianWeights(denoise.sigma)
    const [values, out, taps] = work.lay(4 * size, 4 * size, 4 * weights.length)
    return {
      values: work.floats(values, size),
      run: (): Float32Array => {
        work.floats(taps, weights.length).set(weights)
        // Each pass needs what its own axis reaches; the ends of what is not right move inward.
        const [row, plane] = [nx, nx * ny]
        blend(values, halo, size - halo, 1, taps, halo, out)
        blend(out, halo * (1 + row), size - halo * (1 + row), row, taps, halo, values)
        blend(values, first, end, plane, taps, halo, out)
        return work.floats(out, size)
      },
    }
  }

  if (denoise.kind === "non-local-means") {
    const blocks = work.lay(...Array.from({ length: 5 }, () => 4 * size), 4 * (denoise.settings.patch + 1))
    return {
      values: work.floats(blocks[0], size),
      run: (): Float32Array => {
        nonLocalMeans(denoise.settings, work, shape, blocks, { blend, differences, gatherAlike, divide })
        return work.floats(blocks[3], size)
      },
    }
  }

  const [values] = work.lay(4 * size)
  return { values: work.floats(values, size), run: (): Float32Array => work.floats(values, size) }
}

/** As `nonLocalMeans` of a whole volume, shift by shift; mean squared differences of patches axis by axis. */
const nonLocalMeans = (
  { patch, search, strength, noise }: NonLocalMeansSettings,
  work: Workspace,
  [nx, ny, nz]: Triple,
  [values, one, other, sum, total, taps]: readonly number[],
  { blend, differences, gatherAlike, divide }: Pick<DenoiseExports, "blend" | "differences" | "gatherAlike" | "divide">,
): void => {
  const size = nx * ny * nz
  const [row, plane] = [nx, nx * ny]
  const diagonal = 1 + row + plane
  const edge = search * diagonal
  const first = edge + patch * diagonal
  const free = 2 * noise * noise
  work.floats(taps, patch + 1).fill(1 / (2 * patch + 1))
  work.floats(sum, size).set(work.floats(values, size))
  work.floats(total, size).fill(1)
  for (let dz = -search; dz <= search; dz++)
    for (let dy = -search; dy <= search; dy++)
      for (let dx = -search; dx <= search; dx++) {
        const step = dx + row * dy + plane * dz
        if (step === 0) continue
        differences(values, edge, size - edge, step, one)
        const margin = edge + patch
        blend(one, margin, size - margin, 1, taps, patch, other)
        blend(other, margin + patch * row, size - margin - patch * row, row, taps, patch, one)
        blend(one, first, size - first, plane, taps, patch, other)
        gatherAlike(values, other, first, size - first, step, free, 1 / strength ** 2, sum, total)
      }
  divide(sum, total, size)
}
