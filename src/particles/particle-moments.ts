import { boxShape, type Triple } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import type { SymmetricTensor } from "./orientation.ts"

/** Centre and second moments of a body of voxels, each taken as a brick. */
export interface BodyMoments {
  readonly voxelCount: number
  /** [m] from the low corner of the grid */
  readonly centroid: Triple
  /** Mean of (r − centroid) ⊗ (r − centroid) [m²] */
  readonly tensor: SymmetricTensor
}

/** Moments of the voxels that have any of some bits; of an empty body NaN. */
export const bodyMoments = ({ shape, spacing }: Grid, body: Uint8Array, bits: number): BodyMoments => {
  const [nx, ny, nz] = shape
  // Whole numbers about the middle: exact, and centred well enough for the squares.
  const [mx, my, mz] = boxShape({ from: [0, 0, 0], to: shape }).map((n) => n >> 1)
  let [n, sx, sy, sz, xx, yy, zz, xy, xz, yz] = new Array<number>(10).fill(0)
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) {
      let [count, first, second] = [0, 0, 0]
      for (let x = 0; x < nx; x++, i++) {
        if ((body[i] & bits) === 0) continue
        count++
        first += x - mx
        second += (x - mx) * (x - mx)
      }
      if (count === 0) continue
      const [v, w] = [y - my, z - mz]
      n += count
      sx += first
      sy += count * v
      sz += count * w
      xx += second
      yy += count * v * v
      zz += count * w * w
      xy += first * v
      xz += first * w
      yz += count * v * w
    }
  const [cx, cy, cz] = [sx / n, sy / n, sz / n]
  const [dx, dy, dz] = spacing
  return {
    voxelCount: n,
    centroid: [(cx + mx + 0.5) * dx, (cy + my + 0.5) * dy, (cz + mz + 0.5) * dz],
    tensor: [
      (xx / n - cx * cx + 1 / 12) * dx * dx,
      (yy / n - cy * cy + 1 / 12) * dy * dy,
      (zz / n - cz * cz + 1 / 12) * dz * dz,
      (xy / n - cx * cy) * dx * dy,
      (xz / n - cx * cz) * dx * dz,
      (yz / n - cy * cz) * dy * dz,
    ],
  }
}
