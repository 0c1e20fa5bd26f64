import { facetNormalInto, type SimplexGeometry, simplexGeometry } from "../../fem/simplex.ts"
import { interfaceCount, type Mesh, particleCount } from "../../mesh/mesh.ts"
import { type Bodies, createBodies } from "./bodies.ts"
import { type Coupling, createCoupling } from "./coupling.ts"
import { createElectrochemistry, type Electrochemistry } from "./electrochemistry.ts"
import { createInterfacePairs, type InterfacePairs } from "./interface-pairs.ts"
import { createMechanics, type Mechanics } from "./mechanics.ts"
import type { HalfCellParameters } from "./parameters.ts"

/** The discretised half-cell: everything that stays the same while it is cycled. */
export interface HalfCell {
  readonly mesh: Mesh
  readonly geometry: SimplexGeometry
  readonly parameters: HalfCellParameters
  readonly electrochemistry: Electrochemistry
  /** Absent when mechanics are switched off. */
  readonly solids?: {
    readonly bodies: Bodies
    readonly pairs: InterfacePairs
    readonly mechanics: Mechanics
    readonly coupling: Coupling
  }
  readonly particles: ParticleMeasures
  /** Current of 1C from the mesh's own particle area, so that time to capacity does not depend on the mesh [A], [A/m] */
  readonly oneC: number
  /** Collector surface [m²], [m] in 2-D */
  readonly collectorArea: number
  /** Active material [kg], [kg/m] in 2-D */
  readonly activeMass: number
}

/** Geometry of each particle as meshed. */
export interface ParticleMeasures {
  readonly count: number
  /** [particle] [m³], [m²] in 2-D */
  readonly volume: Float64Array
  /** [particle] [m²], [m] in 2-D */
  readonly surface: Float64Array
  /** [unknown of the solid] */
  readonly ofUnknown: Int32Array
  /** [unknown of the solid] surface that belongs to the node, 0 inside */
  readonly nodeSurface: Float64Array
}

/**
 * Volume of each particle as meshed [m³], [m²] in 2-D.
 * @param cellVolume  [cell] in the same unit
 */
export const particleVolumes = (mesh: Mesh, cellVolume: Float64Array): Float64Array => {
  const volume = new Float64Array(particleCount(mesh))
  cellVolume.forEach((size, cell) => {
    const { particle } = mesh.regions[mesh.cellToRegion[cell]]
    if (particle >= 0) volume[particle] += size
  })
  return volume
}

/** Discretises a half-cell. @throws RangeError when a matrix region of the mesh has no parameters */
export const createHalfCell = (mesh: Mesh, parameters: HalfCellParameters): HalfCell => {
  for (const region of mesh.regions)
    if (region.kind === "matrix" && !(region.name in parameters.matrices))
      throw new RangeError(`no parameters for matrix region "${region.name}"`)
  const geometry = simplexGeometry(mesh.dimension, mesh.nodes, mesh.cellToNode)
  const volume = particleVolumes(mesh, geometry.volume)
  const activeMass = parameters.active.density * volume.reduce((sum, size) => sum + size, 0)
  const oneC = (activeMass * parameters.active.nominalCapacity) / 3600
  const electrochemistry = createElectrochemistry(mesh, geometry, parameters, oneC)
  const particles = measureParticles(mesh, electrochemistry, volume)
  const base = {
    mesh,
    geometry,
    parameters,
    electrochemistry,
    particles,
    oneC,
    collectorArea: collectorArea(mesh),
    activeMass,
  }
  if (!parameters.mechanics) return base
  const bodies = createBodies(mesh, geometry, parameters, electrochemistry.unknowns)
  const pairs = createInterfacePairs(mesh, bodies)
  const mechanics = createMechanics(bodies, pairs, parameters.cohesion)
  const coupling = createCoupling(mesh, electrochemistry, bodies, pairs, parameters)
  return { ...base, solids: { bodies, pairs, mechanics, coupling } }
}

const measureParticles = (mesh: Mesh, { unknowns }: Electrochemistry, volume: Float64Array): ParticleMeasures => {
  const { dimension, interfaces } = mesh
  const vertices = dimension + 1
  const surface = new Float64Array(volume.length)
  const nodeSurface = new Float64Array(unknowns.solid.count)
  const ofUnknown = new Int32Array(unknowns.solid.count)
  for (const cell of unknowns.solidCells)
    for (let v = 0; v < vertices; v++)
      ofUnknown[unknowns.solid.nodeToUnknown[mesh.cellToNode[cell * vertices + v]]] =
        mesh.regions[mesh.cellToRegion[cell]].particle
  const normal = new Float64Array(dimension)
  const addSide = (nodes: Int32Array, cells: Int32Array, facet: number): void => {
    const { particle } = mesh.regions[mesh.cellToRegion[cells[facet]]]
    if (particle < 0) return
    const size = facetNormalInto(dimension, mesh.nodes, nodes, facet, normal)
    surface[particle] += size
    for (let v = 0; v < dimension; v++)
      nodeSurface[unknowns.solid.nodeToUnknown[nodes[facet * dimension + v]]] += size / dimension
  }
  for (let facet = 0; facet < interfaceCount(mesh); facet++) {
    addSide(interfaces.innerNode, interfaces.innerCell, facet)
    addSide(interfaces.outerNode, interfaces.outerCell, facet)
  }
  return { count: volume.length, volume, surface, ofUnknown, nodeSurface }
}

const collectorArea = (mesh: Mesh): number => {
  const { facetToNode, facetToCell } = mesh.boundaries.collector
  const normal = new Float64Array(mesh.dimension)
  let area = 0
  for (let facet = 0; facet < facetToCell.length; facet++)
    area += facetNormalInto(mesh.dimension, mesh.nodes, facetToNode, facet, normal)
  return area
}
