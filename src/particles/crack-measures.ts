import type { Triple } from "../image/brick.ts"
import { components } from "../image/components.ts"
import type { SurfaceNet } from "../image/surface-net.ts"
import type { Grid } from "../image/volume.ts"
import { principalAxes } from "./orientation.ts"
import type { BodyMoments } from "./particle-moments.ts"

/** Cracks and inner voids of one particle. */
export interface CrackMeasures {
  /** Connected parts, over corners */
  readonly count: number
  /** Share of the largest part in the volume of cracks; NaN where there are none */
  readonly largest: number
  /** Share of the volume of cracks in parts that reach the outer surface; NaN where there are none */
  readonly open: number
  /** Share of cracks in the inner half: the ellipsoid of equal moments, halved; tells a hollow core */
  readonly core: number
}

/**
 * @param cracks [voxel] not 0 in cracks and inner voids
 * @param body   [voxel] not 0 within the envelope
 * @param net    the surface of the envelope
 */
export const crackMeasures = (
  grid: Grid,
  cracks: Uint8Array,
  body: Uint8Array,
  net: SurfaceNet,
  moments: BodyMoments,
): CrackMeasures => {
  const core = coreShare(grid, cracks, body, moments)
  if (!cracks.includes(1)) return { count: 0, largest: Number.NaN, open: Number.NaN, core }
  const parts = components({ shape: grid.shape, spacing: grid.spacing, values: cracks }, "full")
  const size = new Float64Array(parts.count + 1)
  for (let i = 0; i < cracks.length; i++) size[parts.values[i]]++
  size[0] = 0
  const opened = new Uint8Array(parts.count + 1)
  for (let f = 0; f < net.faceCount; f++) opened[parts.values[net.inner[f]]] = 1
  const total = size.reduce((sum, n) => sum + n, 0)
  const open = size.reduce((sum, n, part) => (opened[part] !== 0 ? sum + n : sum), 0)
  return {
    count: parts.count,
    largest: size.reduce((most, n) => Math.max(most, n), 0) / total,
    open: open / total,
    core,
  }
}

/** Share of cracks in the body within r · T⁻¹ r < 5/4, half the ellipsoid r · T⁻¹ r < 5 of equal moments T. */
const coreShare = ({ shape, spacing }: Grid, cracks: Uint8Array, body: Uint8Array, moments: BodyMoments): number => {
  const [nx, ny, nz] = shape
  const { moments: sizes, axes } = principalAxes(moments.tensor)
  const scaled = axes.map((axis, k) => axis.map((c, a) => (c * spacing[a]) / Math.sqrt(sizes[k])) as unknown as Triple)
  const reach = Math.sqrt(1.25)
  const centre = moments.centroid.map((c, a) => c / spacing[a] - 0.5)
  // The box around the inner half: along each axis √(5/4 T_aa).
  const half = [0, 1, 2].map((a) => (reach * Math.sqrt(moments.tensor[a])) / spacing[a])
  const low = centre.map((c, a) => Math.max(0, Math.ceil(c - half[a])))
  const high = centre.map((c, a) => Math.min([nx, ny, nz][a] - 1, Math.floor(c + half[a])))
  let [inside, cracked] = [0, 0]
  const [p, q, r] = scaled
  for (let z = low[2]; z <= high[2]; z++)
    for (let y = low[1]; y <= high[1]; y++)
      for (let x = low[0], i = x + nx * (y + ny * z); x <= high[0]; x++, i++) {
        if (body[i] === 0) continue
        const [u, v, w] = [x - centre[0], y - centre[1], z - centre[2]]
        const square =
          (p[0] * u + p[1] * v + p[2] * w) ** 2 +
          (q[0] * u + q[1] * v + q[2] * w) ** 2 +
          (r[0] * u + r[1] * v + r[2] * w) ** 2
        if (square > 1.25) continue
        inside++
        if (cracks[i] !== 0) cracked++
      }
  return inside > 0 ? cracked / inside : Number.NaN
}
