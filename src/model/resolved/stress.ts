import { cellGradients } from "../../fem/elasticity.ts"
import { quadraticElement } from "../../fem/element.ts"
import type { SimplexGeometry } from "../../fem/simplex.ts"
import { largestPrincipal, principalBound } from "../../laws/elasticity.ts"
import type { Mesh } from "../../mesh/mesh.ts"
import type { Bodies } from "./bodies.ts"
import type { Unknowns } from "./unknowns.ts"

/** Stress in elastic cells. */
export interface StressField {
  /** [elastic cell, 6] mean stress xx, yy, zz, yz, xz, xy [Pa] */
  readonly cell: Float64Array
  /** [elastic cell] largest principal value of the mean stress [Pa] */
  readonly cellPrincipal: Float64Array
}

/** What the stress in particles comes to. */
export interface ParticleStress {
  /** [particle] largest principal stress at any quadrature point [Pa] */
  readonly maximumPrincipal: Float64Array
  /** [particle] [Pa] */
  readonly maximumHydrostatic: Float64Array
  /** [particle] elastic energy [J], [J/m] in 2-D */
  readonly energy: Float64Array
}

/** What stresses are evaluated from. */
export interface StressSource {
  readonly mesh: Mesh
  readonly geometry: SimplexGeometry
  readonly bodies: Bodies
  readonly unknowns: Unknowns
  /** [displacement unknown] [m] */
  readonly displacement: Float64Array
  /** [unknown of the solid] */
  readonly volumeChange: Float64Array
}

/** Stress at one quadrature point. */
interface StressPoint {
  /** Index into the elastic cells */
  readonly elastic: number
  /** Cell of the mesh */
  readonly cell: number
  /** −1 in carbon/binder */
  readonly particle: number
  /** Share of the cell that belongs to the point */
  readonly share: number
  /** [xx, yy, zz, yz, xz, xy], valid during the visit [Pa] */
  readonly stress: Float64Array
  /** ½ σ : (ε − ε_Li) [J/m³] */
  readonly energy: number
  /** K tr(ε − ε_Li) [Pa] */
  readonly hydrostatic: number
}

/**
 * Visits σ = C : (ε(u) − ε_Li) at the quadrature points of the quadratic displacement, the swelling interpolated
 * linearly. In 2-D plane strain: ε_zz = 0, so σ_zz = λ tr(ε − ε_Li) − 2μ ε_v/3.
 * @param onlyParticles leaves the carbon/binder out
 */
const visitStress = (
  { mesh, geometry, bodies, unknowns, displacement, volumeChange }: StressSource,
  onlyParticles: boolean,
  visit: (point: StressPoint) => void,
): void => {
  const { dimension } = mesh
  const element = quadraticElement(dimension)
  const { nodesPerCell } = element
  const vertices = dimension + 1
  const gradients = cellGradients(geometry, element)
  const dN = new Float64Array(gradients.pointCount * nodesPerCell * dimension)
  const local = new Float64Array(nodesPerCell * dimension)
  const slope = new Float64Array(9)
  const stress = new Float64Array(6)
  const point = { elastic: 0, cell: 0, particle: -1, share: 0, stress, energy: 0, hydrostatic: 0 }
  for (let k = 0; k < bodies.cells.length; k++) {
    const own = bodies.cells[k]
    const { particle } = mesh.regions[mesh.cellToRegion[own]]
    if (onlyParticles && particle < 0) continue
    const { lambda, shear, bulk } = bodies.cellModuli[k]
    gradients.into(own, dN)
    for (let a = 0; a < nodesPerCell; a++) {
      const node = bodies.nodes.cellToNode[own * nodesPerCell + a]
      for (let axis = 0; axis < dimension; axis++) {
        const unknown = bodies.nodeToUnknown[node * dimension + axis]
        local[a * dimension + axis] = unknown < 0 ? 0 : displacement[unknown]
      }
    }
    for (let q = 0; q < gradients.pointCount; q++) {
      slope.fill(0)
      for (let a = 0; a < nodesPerCell; a++)
        for (let row = 0; row < dimension; row++)
          for (let column = 0; column < dimension; column++)
            slope[row * 3 + column] += local[a * dimension + row] * dN[(q * nodesPerCell + a) * dimension + column]
      let swelling = 0
      if (particle >= 0)
        for (let v = 0; v < vertices; v++)
          swelling +=
            gradients.rule.points[q * vertices + v] *
            volumeChange[unknowns.solid.nodeToUnknown[mesh.cellToNode[own * vertices + v]]]
      const third = swelling / 3
      const [exx, eyy, ezz] = [slope[0] - third, slope[4] - third, slope[8] - third]
      const [gyz, gxz, gxy] = [slope[5] + slope[7], slope[2] + slope[6], slope[1] + slope[3]]
      const trace = exx + eyy + ezz
      stress[0] = lambda * trace + 2 * shear * exx
      stress[1] = lambda * trace + 2 * shear * eyy
      stress[2] = lambda * trace + 2 * shear * ezz
      stress[3] = shear * gyz
      stress[4] = shear * gxz
      stress[5] = shear * gxy
      point.elastic = k
      point.cell = own
      point.particle = particle
      point.share = gradients.rule.weights[q]
      point.hydrostatic = bulk * trace
      point.energy =
        (stress[0] * exx + stress[1] * eyy + stress[2] * ezz + stress[3] * gyz + stress[4] * gxz + stress[5] * gxy) / 2
      visit(point)
    }
  }
}

/** Mean stress of every elastic cell. */
export const cellStress = (source: StressSource): StressField => {
  const cell = new Float64Array(source.bodies.cells.length * 6)
  visitStress(source, false, ({ elastic, share, stress }) => {
    for (let component = 0; component < 6; component++) cell[elastic * 6 + component] += share * stress[component]
  })
  const cellPrincipal = Float64Array.from(source.bodies.cells, (_, k) =>
    largestPrincipal(cell.subarray(k * 6, k * 6 + 6)),
  )
  return { cell, cellPrincipal }
}

/** Extremes and energy of the stress in each particle. @param particles number of particles */
export const particleStress = (source: StressSource, particles: number): ParticleStress => {
  const maximumPrincipal = new Float64Array(particles).fill(-Infinity)
  const maximumHydrostatic = new Float64Array(particles).fill(-Infinity)
  const energy = new Float64Array(particles)
  const { volume } = source.geometry
  visitStress(source, true, (point) => {
    const { particle, stress, hydrostatic } = point
    energy[particle] += point.share * volume[point.cell] * point.energy
    maximumHydrostatic[particle] = Math.max(maximumHydrostatic[particle], hydrostatic)
    // The eigenvalue is only sought where its bound says that it may be the largest yet.
    if (principalBound(stress) > maximumPrincipal[particle])
      maximumPrincipal[particle] = Math.max(maximumPrincipal[particle], largestPrincipal(stress))
  })
  return { maximumPrincipal, maximumHydrostatic, energy }
}
