import type { SimplexGeometry } from "../../fem/simplex.ts"
import { faraday, gasConstant } from "../../laws/constants.ts"
import type { IsotropicElasticity } from "../../laws/contracts.ts"
import type { ActiveMaterial } from "./parameters.ts"

/**
 * s in σ_h = −s Ω_V (c − c_ini) + smooth part: s = 2E / (9 (1 − ν)) [Pa], the local response of hydrostatic stress to
 * swelling, the same in a sphere and in a plane-strain cylinder.
 * @source X. Zhang, W. Shyy, A. M. Sastry, J. Electrochem. Soc. 154 (2007) A910, eq. 18
 */
export const localStressSlope = ({ young, poisson }: IsotropicElasticity): number => (2 * young) / (9 * (1 - poisson))

/**
 * Adds F ∫ −J·∇N with J = −D c_max [(1 + Θx) ∇x − (ω x / RT) ∇q], where ω is the swelling's slope,
 * Θ = s ω² c_max / RT and q the smooth part of the hydrostatic stress.
 *
 * The local part of the stress gradient sits in the implicit operator: lagging it is unstable, for Θ ≈ 2.
 *
 * @param dofs       [cell, vertex] unknowns
 * @param localSlope s [Pa]
 * @param smooth     [unknown] q [Pa]
 * @param positions  [cell, vertex, vertex] places in `jacobian`
 * @param residual   added to [A], [A/m] in 2-D
 */
export const addSolidDiffusion = (
  geometry: SimplexGeometry,
  cells: Int32Array,
  dofs: Int32Array,
  active: ActiveMaterial,
  localSlope: number,
  temperature: number,
  smooth: Float64Array,
  positions: Int32Array,
  x: Float64Array,
  residual: Float64Array,
  jacobian: Float64Array,
): void => {
  const { conduction } = geometry
  const vertices = geometry.dimension + 1
  const { maximumConcentration, diffusivity, swelling, stressCoupling } = active
  const thermal = gasConstant * temperature
  const amount = faraday * maximumConcentration
  for (let k = 0; k < cells.length; k++) {
    const own = cells[k] * vertices * vertices
    const at = k * vertices
    const first = x[dofs[at]]
    const firstQ = smooth[dofs[at]]
    let mean = 0
    for (let v = 0; v < vertices; v++) mean += x[dofs[at + v]]
    mean /= vertices
    const D = diffusivity.value(mean)
    const dD = diffusivity.slope(mean)
    const omega = stressCoupling ? swelling.slope(mean * maximumConcentration) : 0
    const theta = (localSlope * omega * omega * maximumConcentration) / thermal
    const drift = omega / thermal
    const diffusion = D * (1 + theta * mean)
    const diffusionSlope = dD * (1 + theta * mean) + D * theta
    const migration = D * drift * mean
    const migrationSlope = drift * (dD * mean + D)
    for (let i = 0; i < vertices; i++) {
      let alongX = 0
      let alongQ = 0
      for (let j = 0; j < vertices; j++) {
        const entry = conduction[own + i * vertices + j]
        alongX += entry * (x[dofs[at + j]] - first)
        alongQ += entry * (smooth[dofs[at + j]] - firstQ)
      }
      residual[dofs[at + i]] += amount * (diffusion * alongX - migration * alongQ)
      const shared = (amount * (diffusionSlope * alongX - migrationSlope * alongQ)) / vertices
      for (let j = 0; j < vertices; j++) {
        jacobian[positions[(at + i) * vertices + j]] += amount * diffusion * conduction[own + i * vertices + j] + shared
      }
    }
  }
}
