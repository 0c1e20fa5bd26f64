import { type DirectionSet, planarDirections, spatialDirections } from "./directions.ts"
import type { ElectrodeNetwork, ElectronNetwork, IonLayers } from "./electrode-network.ts"
import { type ConductorLayout, laidOut, type PatchShares } from "./layout.ts"
import { EdgeList } from "./network-edges.ts"
import { type Packing, sectionOf, slabVolume } from "./packing.ts"
import { type PackingSight, sightOfPacking, surfaceOf } from "./packing-sight.ts"

/** What fills the space between the particles of a packing. */
export interface PackingMatrix {
  /** Share of the volume of the electrode that carbon/binder takes, its pores included, in (0, 1 − particles] */
  readonly carbonBinderShare: number
  /** Share of electrolyte in the carbon/binder, in (0, 1) */
  readonly carbonBinderPorosity: number
  /** Longest ligament that carbon/binder spans from particle to particle [m]; infinite where it fills all space */
  readonly bridging: number
  /** D_eff = D ε^b */
  readonly bruggeman: number
  readonly layerCount: number
}

/** Sensible numbers for a packing: bridges as long as both films are thick, layers of half a mean radius. */
export const defaultPackingMatrix = (packing: Packing): PackingMatrix => {
  const free = 1 - packing.particleShare
  const mean = packing.radius.reduce((sum, each) => sum + each, 0) / packing.count
  return {
    carbonBinderShare: free / 2,
    carbonBinderPorosity: 0.5,
    bridging: mean,
    bruggeman: 1.5,
    layerCount: Math.max(2, Math.min(60, Math.round((2 * packing.thickness) / mean))),
  }
}

const assertMatrix = (packing: Packing, matrix: PackingMatrix): void => {
  const refuse = (name: string, found: number, wanted: string): never => {
    throw new RangeError(`${name} of a packing's matrix is ${found}, ${wanted} expected`)
  }
  const free = 1 - packing.particleShare
  const { carbonBinderShare, carbonBinderPorosity, bridging, bruggeman, layerCount } = matrix
  if (!(carbonBinderShare > 0 && carbonBinderShare <= free * (1 + 1e-9)))
    refuse("carbonBinderShare", carbonBinderShare, `above 0 and up to ${free}`)
  if (!(carbonBinderPorosity > 0 && carbonBinderPorosity < 1))
    refuse("carbonBinderPorosity", carbonBinderPorosity, "between 0 and 1")
  if (!(bridging >= 0)) refuse("bridging", bridging, "a length")
  if (!(bruggeman >= 1)) refuse("bruggeman", bruggeman, "at least 1")
  if (!(Number.isInteger(layerCount) && layerCount >= 1)) refuse("layerCount", layerCount, "a number of layers")
}

/**
 * The network of a generated packing, without voxels: 14 patches a ball (16 a circle), ligaments along their normals to
 * the next surface, one node of the electron network for each patch that carbon/binder touches.
 *
 * Edges run around each particle through the film on it (film thickness × border / distance) and across ligaments (∫ dA/h
 * over the rays from patch to patch). An edge is good where both its patches are covered well, poor where one is covered
 * poorly. Ligaments are seen as far as they may be bridged (one to four mean radii); beyond, they count as so long. Linear
 * in the number of particles.
 * @param layout      how carbon/binder lies on the particles
 * @param directions  patches; 14 in space, 16 in the plane unless given
 */
export const packingNetwork = (
  packing: Packing,
  layout: ConductorLayout,
  matrix: PackingMatrix = defaultPackingMatrix(packing),
  directions: DirectionSet = packing.dimension === 3 ? spatialDirections() : planarDirections(),
): ElectrodeNetwork => {
  assertMatrix(packing, matrix)
  const { dimension, count, centre, radius, thickness } = packing
  if (directions.dimension !== dimension) throw new RangeError(`${directions.dimension}-D directions in ${dimension}-D`)
  const each = directions.count
  const patches = count * each
  const mean = radius.reduce((sum, r) => sum + r, 0) / count
  const sight = sightOfPacking(packing, directions, Math.max(mean, Math.min(matrix.bridging, 4 * mean)))
  const portion = Float64Array.from({ length: each }, (_, k) =>
    directions.share.subarray(directions.start[k], directions.start[k + 1]).reduce((sum, share) => sum + share, 0),
  )
  const start = Int32Array.from({ length: count + 1 }, (_, i) => i * each)
  const owner = (patch: number): number => Math.floor(patch / each)
  const area = Float64Array.from(
    { length: patches },
    (_, patch) => portion[patch % each] * surfaceOf(dimension, radius[owner(patch)]),
  )
  const normal = Float64Array.from({ length: 3 * patches }, (_, at) => directions.direction[at % (3 * each)])
  const height = (patch: number): number => centre[3 * owner(patch) + 2] + radius[owner(patch)] * normal[3 * patch + 2]
  const depth = Float64Array.from({ length: count }, (_, i) => centre[3 * i + 2] / thickness)
  const shares = laidOut(layout, { start, area, normal, ligament: sight.ligament, depth })
  const node = new Int32Array(patches).fill(-1)
  let nodes = 1
  for (let patch = 0; patch < patches; patch++)
    if (shares.highShare[patch] + shares.lowShare[patch] > 0) node[patch] = nodes++
  const layer = Int32Array.from({ length: patches }, (_, patch) =>
    Math.min(matrix.layerCount - 1, Math.max(0, Math.floor((height(patch) / thickness) * matrix.layerCount))),
  )
  return {
    dimension,
    collectorArea: sectionOf(packing),
    thickness,
    particles: {
      count,
      label: Int32Array.from({ length: count }, (_, i) => i + 1),
      volume: radius.map((r) => slabVolume(dimension, r, -r, r)),
      centre: centre.slice(),
      cut: new Uint8Array(count),
    },
    patches: {
      count: patches,
      start,
      area,
      normal,
      ...shares,
      contactShare: new Float64Array(patches),
      neighbour: sight.neighbour,
      ligament: sight.ligament,
      node,
      layer,
    },
    electrons: electronsOf({ packing, matrix, directions, sight, shares, area, node, nodes }),
    ions: ionLayers(packing, matrix),
  }
}

interface Parts {
  readonly packing: Packing
  readonly matrix: PackingMatrix
  readonly directions: DirectionSet
  readonly sight: PackingSight
  readonly shares: PatchShares
  readonly area: Float64Array
  readonly node: Int32Array
  readonly nodes: number
}

/** Thickness of the film that the carbon/binder would make on what it covers, at most half a mean radius [m]. */
const filmThickness = ({ packing, matrix, shares, area }: Parts): number => {
  let covered = 0
  for (let patch = 0; patch < area.length; patch++)
    covered += area[patch] * (shares.highShare[patch] + shares.lowShare[patch])
  const volume = matrix.carbonBinderShare * sectionOf(packing) * packing.thickness
  const mean = packing.radius.reduce((sum, r) => sum + r, 0) / packing.count
  return covered > 0 ? Math.min(volume / covered, mean / 2) : 0
}

const electronsOf = (parts: Parts): ElectronNetwork => {
  const { packing, matrix, directions, sight, shares, area, node, nodes } = parts
  const { dimension, count, centre, radius } = packing
  const { highShare, lowShare } = shares
  const edges = new EdgeList(nodes)
  const each = directions.count
  const position = new Float64Array(3 * nodes)
  for (let patch = 0; patch < area.length; patch++) {
    if (node[patch] < 0) continue
    const i = Math.floor(patch / each)
    for (let axis = 0; axis < 3; axis++)
      position[3 * node[patch] + axis] =
        centre[3 * i + axis] + radius[i] * directions.direction[3 * (patch % each) + axis]
  }
  position[0] = packing.width / 2
  if (dimension === 3) position[1] = packing.width / 2
  const join = (one: number, other: number, shape: number): void => {
    const high = Math.min(highShare[one], highShare[other])
    const all = Math.min(highShare[one] + lowShare[one], highShare[other] + lowShare[other])
    if (all > 0) edges.add(node[one], node[other], shape * high, shape * Math.max(0, all - high))
  }
  const film = filmThickness(parts)
  for (let i = 0; i < count; i++)
    for (let b = 0; b < directions.borderLength.length; b++) {
      const shape = (film * directions.borderLength[b]) / directions.borderAngle[b]
      const [one, other] = [i * each + directions.border[2 * b], i * each + directions.border[2 * b + 1]]
      // On a ball its radius cancels; a circle has a longer way where it is larger.
      join(one, other, dimension === 3 ? shape : shape / radius[i])
    }
  for (let way = 0; way < sight.from.length; way++) {
    if (sight.length[way] > matrix.bridging) continue
    const [from, to] = [sight.from[way], sight.to[way]]
    const shape = sight.area[way] / sight.length[way]
    // Every ligament is seen from both ends; the collector sees nothing.
    if (to >= 0) join(from, to, shape / 2)
    else if (node[from] >= 0) edges.add(0, node[from], shape * highShare[from], shape * lowShare[from])
  }
  return edges.network(position)
}

/** Porosity slice by slice, exactly; the carbon/binder is spread evenly over what particles leave free. */
const ionLayers = (packing: Packing, matrix: PackingMatrix): IonLayers => {
  const { dimension, count, centre, radius, thickness } = packing
  const layers = matrix.layerCount
  const step = thickness / layers
  const filled = new Float64Array(layers)
  for (let i = 0; i < count; i++) {
    const z = centre[3 * i + 2]
    const last = Math.min(layers - 1, Math.floor((z + radius[i]) / step))
    for (let k = Math.max(0, Math.floor((z - radius[i]) / step)); k <= last; k++)
      filled[k] += slabVolume(dimension, radius[i], k * step - z, (k + 1) * step - z)
  }
  const solid = (matrix.carbonBinderShare * (1 - matrix.carbonBinderPorosity)) / (1 - packing.particleShare)
  const porosity = filled.map((volume) => Math.max(1e-3, (1 - volume / (sectionOf(packing) * step)) * (1 - solid)))
  return {
    count: layers,
    thickness: new Float64Array(layers).fill(step),
    porosity,
    tortuosity: porosity.map((share) => share ** (1 - matrix.bruggeman)),
  }
}
