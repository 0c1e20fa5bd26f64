import type { NetworkCellParameters } from "./parameters.ts"
import type { NetworkUnknowns } from "./unknowns.ts"

/** Patches that react, those of a particle side by side and ordered by layer, with their unknowns. */
export interface ReactingPatches {
  readonly count: number
  /** [reacting] patch of the network */
  readonly patch: Int32Array
  readonly particle: Int32Array
  /** [reacting, dofsPerPatch] x, φ_s − V (−1 at the collector or without electrons), V, c_l/c_l0, φ_l, φ_p − V */
  readonly dofs: Int32Array
  /** [reacting] areas on well and poorly conducting carbon/binder with electrons, and without any [m²] */
  readonly highArea: Float64Array
  readonly lowArea: Float64Array
  readonly bareArea: Float64Array
}

export const dofsPerPatch = 6

/** Currents of the last evaluation, and what contacts did to them. */
export interface PatchCurrents {
  /** [patch] current into the electrolyte [A] */
  readonly current: Float64Array
  /** [reacting] Σ area |∂i/∂R| |∂R/∂λ|: change of current with the gap [A/m] */
  readonly gapSlope: Float64Array
  /** Writes R(λ) of both contacts. @param gap [patch] ≥ 0 [m] */
  readonly setGap: (gap: Float64Array) => void
  /** @param positions [reacting, dof, dof] places in `jacobian` @param residual added to [A] */
  readonly add: (positions: Int32Array, x: Float64Array, residual: Float64Array, jacobian: Float64Array) => void
}

/** A contact without resistance would tie two unknowns together; no contact of a cathode comes near this [Ω·m²]. */
const least = 1e-12

/**
 * Charge transfer of every patch, i(x, φ_s, c_l, φ_l; R(λ)), added to the rows of lithium, electrons, salt and ions. The
 * parts on well and on poorly conducting carbon/binder have their own contact. With particle potentials the reaction
 * runs at φ_p on all that electrolyte wets, and the contacts feed the particle.
 */
export const createPatchCurrents = (
  patches: ReactingPatches,
  unknowns: NetworkUnknowns,
  parameters: NetworkCellParameters,
  patchCount: number,
): PatchCurrents => {
  const { active, contactResistance, initialElectrolyte, matrices } = parameters
  const shared = unknowns.potential >= 0
  const { count, dofs, particle, patch, highArea, lowArea, bareArea } = patches
  const current = new Float64Array(patchCount)
  const gapSlope = new Float64Array(count)
  const highResistance = new Float64Array(count)
  const lowResistance = new Float64Array(count)
  const highSlope = new Float64Array(count)
  const lowSlope = new Float64Array(count)
  const exchange = new Float64Array(3)
  const transfer = new Float64Array(4)
  /** Σ over the parts of a patch: current, ∂/∂driving, ∂/∂i₀ */
  const sum = new Float64Array(3)

  const addPart = (area: number, driving: number, resistance: number): number => {
    active.chargeTransfer.evaluateInto(exchange[0], driving, resistance, transfer)
    sum[0] += area * transfer[0]
    sum[1] += area * transfer[1]
    sum[2] += area * transfer[2]
    return area * Math.abs(transfer[3])
  }

  const add: PatchCurrents["add"] = (positions, x, residual, jacobian) => {
    const voltage = x[unknowns.voltage]
    let lastParticle = -1
    let lastSalt = -1
    let rest = 0
    let restSlope = 0
    for (let k = 0; k < count; k++) {
      const at = k * dofsPerPatch
      const own = particle[k]
      const saltDof = dofs[at + 3]
      if (own !== lastParticle) {
        rest = active.openCircuit.potential(x[own])
        restSlope = active.openCircuit.slope(x[own])
      }
      if (own !== lastParticle || saltDof !== lastSalt)
        active.exchangeCurrent.evaluateInto(x[own], x[saltDof] * initialElectrolyte, exchange)
      lastParticle = own
      lastSalt = saltDof
      const electron = dofs[at + 1]
      const solid = electron < 0 ? 0 : x[electron]
      const driver = shared ? x[dofs[at + 5]] : solid
      const driving = driver + voltage - x[dofs[at + 4]] - rest
      sum.fill(0)
      if (shared) {
        addPart(highArea[k] + lowArea[k] + bareArea[k], driving, 0)
      } else {
        let change = 0
        if (highArea[k] > 0) change += highSlope[k] * addPart(highArea[k], driving, highResistance[k])
        if (lowArea[k] > 0) change += lowSlope[k] * addPart(lowArea[k], driving, lowResistance[k])
        gapSlope[k] = change
      }
      const flow = sum[0]
      current[patch[k]] = flow
      const byDriver = sum[1]
      const byX = -sum[1] * restSlope + sum[2] * exchange[1]
      const bySalt = sum[2] * exchange[2] * initialElectrolyte
      // Rows: lithium leaves the solid, electrons leave their source, salt and charge enter the electrolyte.
      const source = shared ? 5 : electron < 0 ? 2 : 1
      for (let field = 0; field < 4; field++) {
        const row = field === 0 ? 0 : field === 1 ? source : field + 1
        const sign = field < 2 ? 1 : -1
        residual[dofs[at + row]] += sign * flow
        const place = (at + row) * dofsPerPatch
        jacobian[positions[place]] += sign * byX
        jacobian[positions[place + 2]] += sign * byDriver
        jacobian[positions[place + 3]] += sign * bySalt
        jacobian[positions[place + 4]] -= sign * byDriver
        if (source !== 2) jacobian[positions[place + source]] += sign * byDriver
      }
      if (!shared) continue
      // The contacts feed the particle: (φ_s − φ_p)/R from node to particle.
      const conductance =
        (highArea[k] > 0 ? highArea[k] / highResistance[k] : 0) + (lowArea[k] > 0 ? lowArea[k] / lowResistance[k] : 0)
      if (conductance === 0) {
        gapSlope[k] = 0
        continue
      }
      const feed = conductance * (solid - driver)
      const fall = Math.abs(solid - driver)
      gapSlope[k] =
        (highArea[k] > 0 ? (fall * highArea[k] * highSlope[k]) / highResistance[k] ** 2 : 0) +
        (lowArea[k] > 0 ? (fall * lowArea[k] * lowSlope[k]) / lowResistance[k] ** 2 : 0)
      const from = electron < 0 ? 2 : 1
      const own5 = (at + 5) * dofsPerPatch
      const fromRow = (at + from) * dofsPerPatch
      residual[dofs[at + 5]] -= feed
      residual[dofs[at + from]] += feed
      jacobian[positions[own5 + 5]] += conductance
      jacobian[positions[fromRow + 5]] -= conductance
      if (electron < 0) continue
      jacobian[positions[own5 + 1]] -= conductance
      jacobian[positions[fromRow + 1]] += conductance
    }
  }

  return {
    current,
    gapSlope,
    setGap: (gap) => {
      const { high, low } = matrices
      for (let k = 0; k < count; k++) {
        const own = gap[patch[k]]
        highResistance[k] = Math.max(least, contactResistance.resistance(own, high.initialGap))
        lowResistance[k] = Math.max(least, contactResistance.resistance(own, low.initialGap))
        highSlope[k] = contactResistance.slope(own, high.initialGap)
        lowSlope[k] = contactResistance.slope(own, low.initialGap)
      }
    },
    add,
  }
}
