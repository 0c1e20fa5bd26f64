import { assertFills, type Grid, voxelCount } from "../image/volume.ts"

/** The voxels of a volume that conduct, numbered in scan order, with their neighbours across faces. */
export interface ConductorVoxels {
  readonly grid: Grid
  readonly count: number
  /** [cell] voxel of the volume */
  readonly voxel: Int32Array
  /** [cell, 6] neighbours towards −x, +x, −y, +y, −z, +z; −1 where there is none */
  readonly neighbour: Int32Array
  /** Conductance over conductivity between voxels that touch along x, y, z: face over distance [m] */
  readonly shape: readonly [number, number, number]
  /** [cell + 1] and the cells that each meets along an edge only */
  readonly edgeStart: Int32Array
  readonly edgeCell: Int32Array
  /** Conductance over conductivity through such an edge [m] */
  readonly edgeShape: number
}

/** A face of the volume: axis, and 0 the low or 1 the high end. */
export interface VolumeFace {
  readonly axis: 0 | 1 | 2
  readonly end: 0 | 1
}

/**
 * The conductor of a volume.
 * @param conducts    [voxel] not 0 where it conducts
 * @param edgeContact conductance through an edge at which two voxels meet with none beside them, over that of a face: a
 *   smooth surface drawn around both is as likely to join as to part them, and a neck of a third of a voxel is 0.25
 */
export const conductorVoxels = (grid: Grid, conducts: Uint8Array, edgeContact = 0): ConductorVoxels => {
  if (!(edgeContact >= 0 && edgeContact <= 1)) throw new RangeError(`edgeContact is ${edgeContact}, a share expected`)
  assertFills("conducts", grid, conducts)
  const [nx, ny, nz] = grid.shape
  const cellOf = new Int32Array(voxelCount(grid)).fill(-1)
  let count = 0
  for (let i = 0; i < conducts.length; i++) if (conducts[i] !== 0) cellOf[i] = count++
  const voxel = new Int32Array(count)
  const neighbour = new Int32Array(6 * count)
  for (let z = 0, i = 0, cell = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++, i++) {
        if (conducts[i] === 0) continue
        voxel[cell] = i
        const at = 6 * cell++
        neighbour[at] = x > 0 ? cellOf[i - 1] : -1
        neighbour[at + 1] = x < nx - 1 ? cellOf[i + 1] : -1
        neighbour[at + 2] = y > 0 ? cellOf[i - nx] : -1
        neighbour[at + 3] = y < ny - 1 ? cellOf[i + nx] : -1
        neighbour[at + 4] = z > 0 ? cellOf[i - nx * ny] : -1
        neighbour[at + 5] = z < nz - 1 ? cellOf[i + nx * ny] : -1
      }
  const [dx, dy, dz] = grid.spacing
  const edges =
    edgeContact > 0 ? edgesOf(grid, conducts, cellOf, voxel) : [new Int32Array(count + 1), new Int32Array(0)]
  return {
    grid,
    count,
    voxel,
    neighbour,
    shape: [(dy * dz) / dx, (dx * dz) / dy, (dx * dy) / dz],
    edgeStart: edges[0],
    edgeCell: edges[1],
    edgeShape: edgeContact * Math.cbrt(dx * dy * dz),
  }
}

/** Steps to the twelve voxels across an edge, with the two voxels beside that edge. */
const edgeSteps = [0, 1, 2].flatMap((axis) =>
  [-1, 1].flatMap((a) =>
    [-1, 1].map((b) => {
      const [one, other] = [
        [0, 0, 0],
        [0, 0, 0],
      ]
      one[(axis + 1) % 3] = a
      other[(axis + 2) % 3] = b
      return [one, other] as const
    }),
  ),
)

/** [cell + 1] and [contact]: cells that meet along an edge with no conductor on either side of it. */
const edgesOf = (
  { shape: [nx, ny, nz] }: Grid,
  conducts: Uint8Array,
  cellOf: Int32Array,
  voxel: Int32Array,
): [Int32Array, Int32Array] => {
  const start = new Int32Array(voxel.length + 1)
  const steps = edgeSteps.map(([one, other]) => ({
    x: one[0] + other[0],
    y: one[1] + other[1],
    z: one[2] + other[2],
    one: one[0] + nx * (one[1] + ny * one[2]),
    other: other[0] + nx * (other[1] + ny * other[2]),
  }))
  let found: Int32Array = new Int32Array(voxel.length + 16)
  let count = 0
  for (let cell = 0; cell < voxel.length; cell++) {
    const i = voxel[cell]
    const x = i % nx
    const y = Math.floor(i / nx) % ny
    const z = Math.floor(i / (nx * ny))
    for (const step of steps) {
      const [px, py, pz] = [x + step.x, y + step.y, z + step.z]
      if (px < 0 || py < 0 || pz < 0 || px >= nx || py >= ny || pz >= nz) continue
      if (conducts[i + step.one + step.other] === 0) continue
      if (conducts[i + step.one] !== 0 || conducts[i + step.other] !== 0) continue
      if (count === found.length) {
        const larger = new Int32Array(2 * count)
        larger.set(found)
        found = larger
      }
      found[count++] = cellOf[i + step.one + step.other]
    }
    start[cell + 1] = count
  }
  return [start, found.slice(0, count)]
}

/** Cells that lie at a face of the volume. */
export const cellsAt = ({ grid, voxel, neighbour }: ConductorVoxels, { axis, end }: VolumeFace): Int32Array => {
  const stride = [1, grid.shape[0], grid.shape[0] * grid.shape[1]][axis]
  const wanted = end === 0 ? 0 : grid.shape[axis] - 1
  const found: number[] = []
  for (let cell = 0; cell < voxel.length; cell++) {
    if (neighbour[6 * cell + 2 * axis + end] >= 0) continue
    if (Math.floor(voxel[cell] / stride) % grid.shape[axis] === wanted) found.push(cell)
  }
  return Int32Array.from(found)
}
