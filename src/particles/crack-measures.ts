import { IntList } from "../array/int-list.ts"
import type { Triple } from "../image/brick.ts"
import type { Grid } from "../image/volume.ts"
import { principalAxes } from "./orientation.ts"
import type { BodyMoments } from "./particle-moments.ts"
import { parts } from "./parts.ts"

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
 * @param values [voxel] `parts` with marks at the surface; what is a crack is marked as seen
 */
export const crackMeasures = (grid: Grid, values: Uint8Array, moments: BodyMoments): CrackMeasures => {
  const core = coreShare(grid, values, moments)
  let [count, largest, open, total] = [0, 0, 0, 0]
  visitCracks(grid, values, (size, isOpen) => {
    count++
    total += size
    largest = Math.max(largest, size)
    if (isOpen) open += size
  })
  return count === 0
    ? { count, largest: Number.NaN, open: Number.NaN, core }
    : { count, largest: largest / total, open: open / total, core }
}

/** Visits the parts of cracks that are connected over corners; none lies at the border of the grid. */
const visitCracks = (
  { shape: [nx, ny] }: Grid,
  values: Uint8Array,
  visit: (size: number, isOpen: boolean) => void,
): void => {
  const steps: number[] = []
  for (const z of [-1, 0, 1])
    for (const y of [-1, 0, 1])
      for (const x of [-1, 0, 1]) if (x !== 0 || y !== 0 || z !== 0) steps.push(x + nx * (y + ny * z))
  const stack = new IntList()
  const look = (i: number): void => {
    if ((values[i] & (parts.crack | parts.seen)) !== parts.crack) return
    values[i] |= parts.seen
    stack.push(i)
  }
  for (let i = 0; i < values.length; i++) {
    look(i)
    let [size, isOpen] = [0, false]
    while (stack.length > 0) {
      const here = stack.pop()
      size++
      if ((values[here] & parts.surface) !== 0) isOpen = true
      for (let k = 0; k < steps.length; k++) look(here + steps[k])
    }
    if (size > 0) visit(size, isOpen)
  }
}

/** Share of cracks in the body within r · T⁻¹ r < 5/4, half the ellipsoid r · T⁻¹ r < 5 of equal moments T. */
const coreShare = ({ shape, spacing }: Grid, values: Uint8Array, moments: BodyMoments): number => {
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
        if ((values[i] & parts.body) === 0) continue
        const [u, v, w] = [x - centre[0], y - centre[1], z - centre[2]]
        const square =
          (p[0] * u + p[1] * v + p[2] * w) ** 2 +
          (q[0] * u + q[1] * v + q[2] * w) ** 2 +
          (r[0] * u + r[1] * v + r[2] * w) ** 2
        if (square > 1.25) continue
        inside++
        if ((values[i] & parts.crack) !== 0) cracked++
      }
  return inside > 0 ? cracked / inside : Number.NaN
}
