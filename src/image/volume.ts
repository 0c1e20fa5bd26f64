/** Extent of a regular lattice of voxels; x runs fastest. A plane image has depth 1. */
export interface Grid {
  /** Voxels along x, y and z, each ≥ 1 */
  readonly shape: readonly [number, number, number]
  /** Voxel edges along x, y and z, > 0 [m] */
  readonly spacing: readonly [number, number, number]
}

/** Voxel edges that can be meant, from atoms to what resolves nothing of a cathode: beyond, a unit was mistaken [m] */
export const voxelEdge = { from: 1e-10, to: 1e-3 }

/** One number a voxel: gray values, distances, densities. */
export interface Volume extends Grid {
  /** [voxel], index x + nx (y + ny z) */
  readonly values: Float32Array | Float64Array
}

/** 0 or 1 a voxel. */
export interface Mask extends Grid {
  /** [voxel] */
  readonly values: Uint8Array
}

/** An object number a voxel; 0 is background. */
export interface Labels extends Grid {
  /** [voxel], 0 … count */
  readonly values: Int32Array
  /** Highest label */
  readonly count: number
}

/** The rows of a plane image in which particles are looked for. */
export interface Seen {
  readonly gray: Volume
  /** Where there is an image at all */
  readonly inside: Mask
  /** Above the threshold that parts particles from matrix */
  readonly bright: Mask
  /** Row of the whole image that is the first here */
  readonly firstRow: number
}

/**
 * Turns what is seen into numbered objects. The classical watershed and a learned network (its prediction made
 * beforehand and looked up here) have this one signature, so that either can be plugged in.
 */
export type Identify = (seen: Seen) => Labels

/** Number of voxels of a grid. */
export const voxelCount = ({ shape: [nx, ny, nz] }: Grid): number => nx * ny * nz

/** 2 where the depth is one voxel, otherwise 3. */
export const dimensionOf = ({ shape }: Grid): 2 | 3 => (shape[2] === 1 ? 2 : 3)

export const gridOf = ({ shape, spacing }: Grid): Grid => ({ shape, spacing })

/** A plane image as a volume of depth 1. */
export const planeGrid = (width: number, height: number, pixel: number): Grid => ({
  shape: [width, height, 1],
  spacing: [pixel, pixel, pixel],
})

/** @throws where the values do not fill the grid */
export const assertFills = (name: string, grid: Grid, values: { readonly length: number }): void => {
  if (values.length !== voxelCount(grid)) {
    throw new RangeError(
      `${name} has ${values.length} values; its grid ${grid.shape.join(" × ")} needs ${voxelCount(grid)}`,
    )
  }
}

/** Mask of the voxels whose value satisfies a condition. */
export const maskWhere = (
  volume: Grid & { readonly values: ArrayLike<number> },
  test: (value: number) => boolean,
): Mask => {
  const { values } = volume
  const out = new Uint8Array(values.length)
  for (let i = 0; i < out.length; i++) out[i] = test(values[i]) ? 1 : 0
  return { ...gridOf(volume), values: out }
}

/** Neighbour steps: `face` shares a face (4 or 6 of them), `full` a corner (8 or 26). */
export type Connectivity = "face" | "full"

/** [step, 3] offsets along x, y, z of the neighbours of a voxel; none along z for plane images. */
export const neighbourSteps = (
  grid: Grid,
  connectivity: Connectivity,
): readonly (readonly [number, number, number])[] => {
  const steps: [number, number, number][] = []
  const depth = dimensionOf(grid) === 3 ? 1 : 0
  for (let z = -depth; z <= depth; z++)
    for (let y = -1; y <= 1; y++)
      for (let x = -1; x <= 1; x++) {
        const size = Math.abs(x) + Math.abs(y) + Math.abs(z)
        if (size > 0 && (connectivity === "full" || size === 1)) steps.push([x, y, z])
      }
  return steps
}

/**
 * Calls `visit` with the index of every neighbour inside the grid.
 * The steps are fixed at the start, so that one walker serves a whole pass.
 */
export const neighbourWalker = (grid: Grid, connectivity: Connectivity) => {
  const [nx, ny, nz] = grid.shape
  const steps = neighbourSteps(grid, connectivity)
  const count = steps.length
  const dx = Int8Array.from(steps, (step) => step[0])
  const dy = Int8Array.from(steps, (step) => step[1])
  const dz = Int8Array.from(steps, (step) => step[2])
  const offset = Int32Array.from(steps, ([x, y, z]) => x + nx * (y + ny * z))
  /** Writes the neighbours of a voxel into `out` and returns how many there are. */
  return (voxel: number, out: Int32Array): number => {
    const x = voxel % nx
    const rest = (voxel - x) / nx
    const y = rest % ny
    const z = (rest - y) / ny
    const inner = x > 0 && y > 0 && x < nx - 1 && y < ny - 1 && (nz === 1 || (z > 0 && z < nz - 1))
    if (inner) {
      for (let s = 0; s < count; s++) out[s] = voxel + offset[s]
      return count
    }
    let found = 0
    for (let s = 0; s < count; s++) {
      const px = x + dx[s]
      const py = y + dy[s]
      const pz = z + dz[s]
      if (px < 0 || py < 0 || pz < 0 || px >= nx || py >= ny || pz >= nz) continue
      out[found++] = voxel + offset[s]
    }
    return found
  }
}

/** A rectangular part of a volume; `from` inclusive, `to` exclusive. */
export const cropped = <V extends Volume | Mask | Labels>(
  volume: V,
  from: readonly [number, number, number],
  to: readonly [number, number, number],
): V => {
  const [nx, ny] = volume.shape
  const shape: [number, number, number] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]]
  const Values = volume.values.constructor as new (length: number) => V["values"]
  const values = new Values(shape[0] * shape[1] * shape[2])
  for (let z = 0; z < shape[2]; z++)
    for (let y = 0; y < shape[1]; y++) {
      const start = from[0] + nx * (from[1] + y + ny * (from[2] + z))
      values.set(volume.values.subarray(start, start + shape[0]) as never, shape[0] * (y + shape[1] * z))
    }
  return { ...volume, shape, values }
}
