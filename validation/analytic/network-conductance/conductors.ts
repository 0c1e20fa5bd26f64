import { seededRandom } from "../../../src/array/random.ts"
import type { Grid } from "../../../src/image/volume.ts"
import { conductorNetwork } from "../../../src/microstructure/conductor-network.ts"
import { conductorPieces, type PieceSettings } from "../../../src/microstructure/conductor-pieces.ts"
import { type ConductorVoxels, conductorVoxels } from "../../../src/microstructure/conductor-voxels.ts"
import { conductThroughNetwork } from "../../../src/microstructure/network-conduction.ts"
import { conductThroughVoxels, type VoxelConduction } from "../../../src/microstructure/voxel-conduction.ts"

const low = { axis: 2, end: 0 } as const
const high = { axis: 2, end: 1 } as const

/** The conductor where a function of the middle of a voxel (in voxels) says so. */
export const conductorWhere = (
  shape: readonly [number, number, number],
  edge: number,
  conducts: (x: number, y: number, z: number) => boolean,
  edgeContact = 0,
): ConductorVoxels => {
  const [nx, ny, nz] = shape
  const grid: Grid = { shape, spacing: [edge, edge, edge] }
  const mask = new Uint8Array(nx * ny * nz)
  for (let z = 0, i = 0; z < nz; z++)
    for (let y = 0; y < ny; y++) for (let x = 0; x < nx; x++, i++) mask[i] = conducts(x + 0.5, y + 0.5, z + 0.5) ? 1 : 0
  return conductorVoxels(grid, mask, edgeContact)
}

/** Balls of a cubic lattice joined by round necks, in voxels. */
export const necklace =
  (period: number, ball: number, neck: number) =>
  (x: number, y: number, z: number): boolean => {
    const at = [x, y, z].map((each) => (each % period) - period / 2)
    if (Math.hypot(...at) < ball) return true
    return [0, 1, 2].some((axis) => Math.hypot(at[(axis + 1) % 3], at[(axis + 2) % 3]) < neck)
  }

/** Balls at random that may overlap, in voxels. */
export const scattered = (extent: number, count: number, radius: number, seed: number) => {
  const random = seededRandom(seed)
  const centres = Array.from({ length: count }, () => [0, 1, 2].map(() => extent * random.uniform()))
  return (x: number, y: number, z: number): boolean =>
    centres.some(([cx, cy, cz]) => (x - cx) ** 2 + (y - cy) ** 2 + (z - cz) ** 2 < radius * radius)
}

/** Network and voxels of one conductor, from its low to its high end along z. */
export interface Comparison {
  readonly voxels: VoxelConduction
  /** Conductance over conductivity between the faces [m] */
  readonly network: number
  /** Root mean square difference of the potentials, over the drop */
  readonly potentials: number
  /** Pieces, of those how many have a path to the collector */
  readonly pieces: number
  readonly connected: number
}

export const compareConduction = (cells: ConductorVoxels, settings: PieceSettings): Comparison => {
  const piece = conductorPieces(cells, settings)
  const pieces = piece.reduce((most, each) => Math.max(most, each), 0) + 1
  const voxels = conductThroughVoxels(cells, piece, low, high)
  const network = conductorNetwork(cells, piece, new Uint8Array(pieces).fill(1), low, high)
  const held = new Float64Array(network.nodeCount).fill(Number.NaN)
  held[0] = 0
  held[pieces] = 1
  const { potential, current } = conductThroughNetwork(network, { high: 1, low: 0 }, held)
  let [sum, count] = [0, 0]
  for (let cell = 0; cell < cells.count; cell++) {
    const difference = voxels.potential[cell] - potential[piece[cell]]
    if (Number.isNaN(difference)) continue
    sum += difference ** 2
    count++
  }
  return {
    voxels,
    network: current[pieces],
    potentials: Math.sqrt(sum / count),
    pieces: pieces - 1,
    connected: network.connected.subarray(1, pieces).reduce((total, flag) => total + flag, 0),
  }
}
