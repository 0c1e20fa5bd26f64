import type { SimplexGeometry } from "../../fem/simplex.ts"
import { faraday, gasConstant } from "../../laws/constants.ts"
import type { Electrolyte } from "../../laws/contracts.ts"

/** Porosity ε and hindrance ε^b of the electrolyte cells, both [cell]. */
export interface PoreSpace {
  readonly porosity: Float64Array
  readonly hindrance: Float64Array
}

/** Properties are evaluated no lower than this share of the initial concentration. */
const lowestRelative = 1e-3

/**
 * Adds concentrated-solution transport: −∫ i_l·∇N to the charge rows and F ∫ D_l ε^b ∇c_l·∇N − ∫ t₊ i_l·∇N to the salt
 * rows, with i_l = ε^b (−κ ∇φ_l + 2κ(RT/F)(1 − t₊)(1 + ∂ln f/∂ln c_l) ∇c_l/c_l). Properties at the cell's mean
 * concentration, with exact derivatives.
 *
 * @param dofs      [cell, 2·vertex] c_l/c_l0 of all vertices, then φ_l of all vertices
 * @param positions [cell, 2·vertex, 2·vertex] places in `jacobian`
 * @param residual  added to [A], [A/m] in 2-D
 * @source J. Newman, K. E. Thomas-Alyea, Electrochemical Systems (2004), §12
 */
export const addElectrolyte = (
  geometry: SimplexGeometry,
  cells: Int32Array,
  dofs: Int32Array,
  pore: PoreSpace,
  electrolyte: Electrolyte,
  reference: number,
  temperature: number,
  positions: Int32Array,
  x: Float64Array,
  residual: Float64Array,
  jacobian: Float64Array,
): void => {
  const { conduction } = geometry
  const vertices = geometry.dimension + 1
  const width = 2 * vertices
  const thermal = (2 * gasConstant * temperature) / faraday
  for (let k = 0; k < cells.length; k++) {
    const own = cells[k] * vertices * vertices
    const at = k * width
    const firstY = x[dofs[at]]
    const firstP = x[dofs[at + vertices]]
    let sum = 0
    for (let v = 0; v < vertices; v++) sum += x[dofs[at + v]]
    const free = sum / vertices > lowestRelative
    const mean = free ? sum / vertices : lowestRelative
    // Share of each vertex in the mean: zero where the floor holds.
    const share = free ? reference / vertices : 0
    const c = mean * reference
    const weight = pore.hindrance[k]
    const kappa = electrolyte.conductivity(c)
    const dKappa = electrolyte.conductivitySlope(c)
    const t = electrolyte.transference(c)
    const dT = electrolyte.transferenceSlope(c)
    const factor = electrolyte.thermodynamicFactor(c)
    const dFactor = electrolyte.thermodynamicFactorSlope(c)
    const diffusion = electrolyte.diffusivity(c) * faraday * reference
    const dDiffusion = electrolyte.diffusivitySlope(c) * faraday * reference
    const chi = (thermal * kappa * (1 - t) * factor) / mean
    const dChi =
      (thermal * (dKappa * (1 - t) * factor - kappa * dT * factor + kappa * (1 - t) * dFactor)) / mean -
      chi / (mean * reference)
    for (let i = 0; i < vertices; i++) {
      let alongY = 0
      let alongP = 0
      for (let j = 0; j < vertices; j++) {
        const entry = conduction[own + i * vertices + j]
        alongY += entry * (x[dofs[at + j]] - firstY)
        alongP += entry * (x[dofs[at + vertices + j]] - firstP)
      }
      const charge = kappa * alongP - chi * alongY
      const chargeShared = share * (dKappa * alongP - dChi * alongY)
      residual[dofs[at + vertices + i]] += weight * charge
      residual[dofs[at + i]] += weight * (diffusion * alongY + t * charge)
      const saltShared = share * (dDiffusion * alongY + dT * charge) + t * chargeShared
      const chargeRow = (at + vertices + i) * width
      const saltRow = (at + i) * width
      for (let j = 0; j < vertices; j++) {
        const dot = conduction[own + i * vertices + j]
        jacobian[positions[chargeRow + j]] += weight * (chargeShared - chi * dot)
        jacobian[positions[chargeRow + vertices + j]] += weight * kappa * dot
        jacobian[positions[saltRow + j]] += weight * ((diffusion - t * chi) * dot + saltShared)
        jacobian[positions[saltRow + vertices + j]] += weight * t * kappa * dot
      }
    }
  }
}
