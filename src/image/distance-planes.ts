import * as bytes from "../kernels/generated/distance.ts"
import { kernel } from "../kernels/loader.ts"
import type { Workspace } from "../kernels/workspace.ts"
import type { Grid } from "./volume.ts"

interface Exports {
  readonly rows: (values: number, inside: number, n: number, lines: number, most: number, out: number) => void
  readonly columns: (source: number, n: number, m: number, weight: number, most: number, out: number) => void
  readonly section: (source: number, n: number, m: number, i: number, weight: number, most: number, out: number) => void
}

const distanceKernel = kernel<Exports>(bytes)

/** Stands for "no seed": adding the square of any count leaves it as it is. */
const far = 1e30

/** Which planes along z take part. */
export interface PlaneExtent {
  /** First plane with seeds and the one after the last */
  readonly seeds: readonly [number, number]
  /** First plane that is wanted and the one after the last */
  readonly planes: readonly [number, number]
  /** Squared distance above which the exact value is of no use: it may be anything above [m²] */
  readonly limit?: number
}

/**
 * Squared distances as `squaredDistance` finds them, one plane after the other. Memory is that of the planes with seeds;
 * with a limit only of those that it reaches.
 * @param workspace what the planes lie in; not to be used by `visit`
 * @param seedsInto writes a plane of seeds, [voxel] not 0 where one is, over whatever `out` holds
 * @param visit     takes a plane, [voxel] [squares of the voxel edge along x]; void after its return
 * @source as `squaredDistance`
 */
export const visitSquaredDistance = (
  { shape, spacing }: Grid,
  workspace: Workspace,
  { seeds, planes, limit }: PlaneExtent,
  seedsInto: (z: number, out: Uint8Array) => void,
  visit: (z: number, squared: Float32Array) => void,
): void => {
  const [nx, ny] = shape
  const [dx, dy, dz] = spacing
  const plane = nx * ny
  const most = limit === undefined ? far : 2 * (limit / dx ** 2) + 2
  const reach = limit === undefined ? shape[2] : Math.floor(Math.sqrt(limit) / dz) + 1
  // Some planes more than are looked at, so that they are seldom moved up.
  const kept = Math.min(seeds[1] - seeds[0], 3 * reach + 9)
  const [values, along, within, across] = workspace.lay(plane, 4 * plane, 4 * plane * kept, 4 * plane)
  const { rows, columns, section } = workspace.use(distanceKernel)
  const seedPlane = workspace.bytes(values, plane)
  const found = workspace.floats(across, plane)
  const stored = workspace.floats(within, plane * kept)
  let [first, end] = [seeds[0], seeds[0]]
  for (let z = planes[0]; z < planes[1]; z++) {
    const low = Math.max(seeds[0], z - reach)
    const high = Math.min(seeds[1], z + reach + 1)
    if (end < low) first = end = low
    for (; end < high; end++) {
      if (end - first === kept) {
        stored.copyWithin(0, plane * (low - first), plane * (end - first))
        first = low
      }
      seedsInto(end, seedPlane)
      rows(values, 0, nx, ny, most, along)
      columns(along, ny, nx, (dy / dx) ** 2, most, within + 4 * plane * (end - first))
    }
    if (high <= low) found.fill(most)
    else section(within + 4 * plane * (low - first), high - low, plane, z - low, (dz / dx) ** 2, most, across)
    visit(z, found)
  }
}
