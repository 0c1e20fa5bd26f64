import { cellGradients } from "../../fem/elasticity.ts"
import { quadraticElement } from "../../fem/element.ts"
import type { SimplexGeometry } from "../../fem/simplex.ts"
import { largestPrincipal } from "../../laws/elasticity.ts"
import type { Mesh } from "../../mesh/mesh.ts"
import type { Bodies } from "./bodies.ts"
import type { Unknowns } from "./unknowns.ts"

/** Stress in every elastic cell and what follows for particles. */
export interface StressField {
  /** [elastic cell, 6] mean stress xx, yy, zz, yz, xz, xy [Pa] */
  readonly cell: Float64Array
  /** [elastic cell] largest principal value of the mean stress [Pa] */
  readonly cellPrincipal: Float64Array
  /** [particle] largest principal stress at any quadrature point [Pa] */
  readonly maximumPrincipal: Float64Array
  /** [particle] [Pa] */
  readonly maximumHydrostatic: Float64Array
  /** [particle] elastic energy [J], [J/m] in 2-D */
  readonly energy: Float64Array
}

/**
 * σ = C : (ε(u) − ε_Li) at the quadrature points of the quadratic displacement, the swelling interpolated linearly.
 * In 2-D plane strain: ε_zz = 0, so σ_zz = λ tr(ε − ε_Li) − 2μ ε_v/3.
 *
 * @param displacement [unknown] [m]
 * @param volumeChange [unknown of the solid]
 */
export const evaluateStress = (
  mesh: Mesh,
  geometry: SimplexGeometry,
  bodies: Bodies,
  unknowns: Unknowns,
  particles: number,
  displacement: Float64Array,
  volumeChange: Float64Array,
): StressField => {
  const { dimension } = mesh
  const element = quadraticElement(dimension)
  const { nodesPerCell } = element
  const vertices = dimension + 1
  const gradients = cellGradients(geometry, element)
  const dN = new Float64Array(gradients.pointCount * nodesPerCell * dimension)
  const cell = new Float64Array(bodies.cells.length * 6)
  const maximumPrincipal = new Float64Array(particles).fill(-Infinity)
  const maximumHydrostatic = new Float64Array(particles).fill(-Infinity)
  const energy = new Float64Array(particles)
  const local = new Float64Array(nodesPerCell * dimension)
  const slope = new Float64Array(9)
  const stress = new Float64Array(6)
  for (let k = 0; k < bodies.cells.length; k++) {
    const own = bodies.cells[k]
    const { particle } = mesh.regions[mesh.cellToRegion[own]]
    const { lambda, shear, bulk } = bodies.cellModuli[k]
    gradients.into(own, dN)
    for (let a = 0; a < nodesPerCell; a++) {
      const node = bodies.nodes.cellToNode[own * nodesPerCell + a]
      for (let axis = 0; axis < dimension; axis++) {
        const unknown = bodies.nodeToUnknown[node * dimension + axis]
        local[a * dimension + axis] = unknown < 0 ? 0 : displacement[unknown]
      }
    }
    for (let point = 0; point < gradients.pointCount; point++) {
      slope.fill(0)
      for (let a = 0; a < nodesPerCell; a++)
        for (let p = 0; p < dimension; p++)
          for (let q = 0; q < dimension; q++)
            slope[p * 3 + q] += local[a * dimension + p] * dN[(point * nodesPerCell + a) * dimension + q]
      let swelling = 0
      if (particle >= 0)
        for (let v = 0; v < vertices; v++)
          swelling +=
            gradients.rule.points[point * vertices + v] *
            volumeChange[unknowns.solid.nodeToUnknown[mesh.cellToNode[own * vertices + v]]]
      const third = swelling / 3
      const [exx, eyy, ezz] = [slope[0] - third, slope[4] - third, slope[8] - third]
      const trace = exx + eyy + ezz
      stress[0] = lambda * trace + 2 * shear * exx
      stress[1] = lambda * trace + 2 * shear * eyy
      stress[2] = lambda * trace + 2 * shear * ezz
      stress[3] = shear * (slope[5] + slope[7])
      stress[4] = shear * (slope[2] + slope[6])
      stress[5] = shear * (slope[1] + slope[3])
      const share = gradients.rule.weights[point]
      for (let component = 0; component < 6; component++) cell[k * 6 + component] += share * stress[component]
      if (particle < 0) continue
      const weight = share * geometry.volume[own]
      energy[particle] +=
        (weight / 2) *
        (stress[0] * exx +
          stress[1] * eyy +
          stress[2] * ezz +
          stress[3] * (slope[5] + slope[7]) +
          stress[4] * (slope[2] + slope[6]) +
          stress[5] * (slope[1] + slope[3]))
      maximumHydrostatic[particle] = Math.max(maximumHydrostatic[particle], bulk * trace)
      maximumPrincipal[particle] = Math.max(maximumPrincipal[particle], largestPrincipal(stress))
    }
  }
  const cellPrincipal = Float64Array.from(bodies.cells, (_, k) => largestPrincipal(cell.subarray(k * 6, k * 6 + 6)))
  return { cell, cellPrincipal, maximumPrincipal, maximumHydrostatic, energy }
}
