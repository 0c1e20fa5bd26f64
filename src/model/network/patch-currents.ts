import { faraday } from "../../laws/constants.ts"
import { bothMatrices, type NetworkCellParameters } from "./parameters.ts"
import type { ParticleDiffusion } from "./particle-diffusion.ts"
import { potentialTable } from "./potential-table.ts"
import type { SidewaysDiffusion } from "./sideways-diffusion.ts"
import type { NetworkUnknowns } from "./unknowns.ts"

/**
 * Contacts of particles with carbon/binder, one a patch, in groups that have all unknowns in common: those of one
 * particle, layer and node.
 */
export interface ReactingPatches {
  /** Groups, those of a particle side by side */
  readonly groupCount: number
  /** [group, dofsPerGroup] x, φ_s − V (−1 at the collector or without electrons), V, c_l/c_l0, φ_l, φ_p − V */
  readonly dofs: Int32Array
  /** [group + 1] first contact of each group */
  readonly start: Int32Array
  /** [group] area that electrolyte wets, for particles with one potential [m²] */
  readonly wettedArea: Float64Array
  /** [contact] patch of the network */
  readonly patch: Int32Array
  /** [contact] [m²] */
  readonly area: Float64Array
  /** [contact] share of the area on well conducting carbon/binder, the rest on poorly conducting */
  readonly wellShare: Float64Array
}

export const dofsPerGroup = 6

/** Currents of the last evaluation, and what contacts did to them. */
export interface PatchCurrents {
  /** [particle] current into the electrolyte [A] */
  readonly current: Float64Array
  /** [contact] current density over F c_max: flux of lithium [m/s] */
  readonly flux: Float64Array
  /** [contact] area |∂i/∂R| ∂R/∂λ: change of current with the gap [A/m] */
  readonly gapSlope: Float64Array
  /** [contact] F η/(R_g T) of the last evaluation */
  readonly overpotentials: () => Float64Array
  /**
   * Sets where the solution for the currents starts.
   * @param overpotential [contact]
   * @param flux          [contact] [m/s]
   */
  readonly setStart: (overpotential: Float64Array, flux: Float64Array) => void
  /** Writes R(λ) of the contacts. @param gap [patch] ≥ 0 [m] */
  readonly setGap: (gap: Float64Array) => void
  /** @param positions [group, dof, dof] places in `jacobian` @param residual added to [A] */
  readonly add: (positions: Int32Array, x: Float64Array, residual: Float64Array, jacobian: Float64Array) => void
}

/** A contact without resistance would tie two unknowns together; no contact of a cathode comes near this [Ω·m²]. */
const least = 1e-12

/**
 * Charge transfer of every contact, i(x, φ_s, c_l, φ_l; R(λ)), added to the rows of lithium, electrons, salt and ions.
 * Contacts with both kinds of carbon/binder on one patch lie in parallel: exact where they rule, and where they do not they
 * differ little.
 * With particle potentials the reaction runs at φ_p on all that electrolyte wets, and the contacts feed the particle.
 * @param diffusion as solved for the surfaces in `x`
 * @param depth     [particle] volume over surface [m]
 */
export const createPatchCurrents = (
  patches: ReactingPatches,
  unknowns: NetworkUnknowns,
  parameters: NetworkCellParameters,
  diffusion: Pick<ParticleDiffusion, "outflow" | "slope">,
  sideways: SidewaysDiffusion,
  depth: Float64Array,
): PatchCurrents => {
  const { active, contactResistance, initialElectrolyte } = parameters
  const { high, low } = bothMatrices(parameters)
  const shared = unknowns.potential >= 0
  const { groupCount, dofs, start, wettedArea, patch, area, wellShare } = patches
  const current = new Float64Array(unknowns.particles)
  const flux = new Float64Array(patch.length)
  const table = potentialTable(active.openCircuit)
  const equilibrium = new Float64Array(2)
  const perFlux = faraday * active.maximumConcentration
  const gapSlope = new Float64Array(patch.length)
  const resistance = new Float64Array(patch.length)
  const resistanceSlope = new Float64Array(patch.length)
  /** [contact, 3] what charge transfer remembers */
  const memory = new Float64Array(3 * patch.length).fill(Number.NaN)
  const exchange = new Float64Array(3)
  const transfer = new Float64Array(4)

  const add: PatchCurrents["add"] = (positions, x, residual, jacobian) => {
    const { chargeTransfer, exchangeCurrent } = active
    const voltage = x[unknowns.voltage]
    let particle = -1
    let layer = -1
    /** Mean flux through the particle's surface, and by how much that changes with its stoichiometry */
    let mean = 0
    let meanSlope = 0
    current.fill(0)
    for (let group = 0; group < groupCount; group++) {
      const at = group * dofsPerGroup
      const saltDof = dofs[at + 3]
      const newParticle = dofs[at] !== particle
      particle = dofs[at]
      if (newParticle) {
        mean = depth[particle] * diffusion.outflow[particle]
        meanSlope = depth[particle] * diffusion.slope[particle]
      }
      if (newParticle || saltDof !== layer) {
        layer = saltDof
        exchangeCurrent.evaluateInto(x[particle], x[saltDof] * initialElectrolyte, exchange)
      }
      const electron = dofs[at + 1]
      const solid = electron < 0 ? 0 : x[electron]
      const driver = shared ? x[dofs[at + 5]] : solid
      const driving = driver + voltage - x[dofs[at + 4]]
      let flow = 0
      let byDriver = 0
      let byExchange = 0
      let byPotential = 0
      if (shared) {
        table.evaluateInto(x[particle], equilibrium)
        chargeTransfer.evaluateInto(exchange[0], driving - equilibrium[0], 0, transfer)
        flow = wettedArea[group] * transfer[0]
        byDriver = wettedArea[group] * transfer[1]
        byExchange = wettedArea[group] * transfer[2]
        byPotential = -byDriver * equilibrium[1]
      } else
        for (let k = start[group]; k < start[group + 1]; k++) {
          // Stoichiometry at the contact falls with its own flux: E_eq along its tangent, from the flux of last time.
          const own = sideways.beta[particle]
          table.evaluateInto(x[particle] + sideways.alpha[k] + own * (mean - flux[k]), equilibrium)
          const tangent = own * equilibrium[1]
          const force = driving - equilibrium[0] - tangent * flux[k]
          chargeTransfer.evaluateNearInto(
            exchange[0],
            force,
            resistance[k] - tangent / perFlux,
            memory,
            3 * k,
            transfer,
          )
          flux[k] = transfer[0] / perFlux
          flow += area[k] * transfer[0]
          byDriver += area[k] * transfer[1]
          byExchange += area[k] * transfer[2]
          byPotential -= area[k] * transfer[1] * equilibrium[1]
          gapSlope[k] = area[k] * Math.abs(transfer[3]) * resistanceSlope[k]
        }
      current[particle] += flow
      const follows = shared ? 1 : 1 + sideways.beta[particle] * meanSlope
      const byX = byExchange * exchange[1] + byPotential * follows
      const bySalt = byExchange * exchange[2] * initialElectrolyte
      // Rows: lithium leaves the solid, electrons leave their source, salt and charge enter the electrolyte.
      const source = shared ? 5 : electron < 0 ? 2 : 1
      for (let field = 0; field < 4; field++) {
        const row = field === 0 ? 0 : field === 1 ? source : field + 1
        const sign = field < 2 ? 1 : -1
        residual[dofs[at + row]] += sign * flow
        const place = (at + row) * dofsPerGroup
        jacobian[positions[place]] += sign * byX
        jacobian[positions[place + 2]] += sign * byDriver
        jacobian[positions[place + 3]] += sign * bySalt
        jacobian[positions[place + 4]] -= sign * byDriver
        if (source !== 2) jacobian[positions[place + source]] += sign * byDriver
      }
      if (shared && start[group + 1] > start[group]) addFeed(group, solid - driver, positions, residual, jacobian)
    }
  }

  /** The contacts of a group feed their particle: (φ_s − φ_p)/R from node to particle. */
  const addFeed = (
    group: number,
    fall: number,
    positions: Int32Array,
    residual: Float64Array,
    jacobian: Float64Array,
  ): void => {
    let conductance = 0
    for (let k = start[group]; k < start[group + 1]; k++) {
      const own = area[k] / resistance[k]
      conductance += own
      gapSlope[k] = (Math.abs(fall) * own * resistanceSlope[k]) / resistance[k]
    }
    const at = group * dofsPerGroup
    const from = dofs[at + 1] < 0 ? 2 : 1
    const ownRow = (at + 5) * dofsPerGroup
    const fromRow = (at + from) * dofsPerGroup
    residual[dofs[at + 5]] -= conductance * fall
    residual[dofs[at + from]] += conductance * fall
    jacobian[positions[ownRow + 5]] += conductance
    jacobian[positions[fromRow + 5]] -= conductance
    // The collector's potential relative to itself is zero: nothing follows from its unknown.
    if (from === 2) return
    jacobian[positions[ownRow + 1]] -= conductance
    jacobian[positions[fromRow + 1]] += conductance
  }

  return {
    current,
    flux,
    gapSlope,
    overpotentials: () => {
      const out = new Float64Array(patch.length)
      for (let k = 0; k < out.length; k++) out[k] = memory[3 * k]
      return out
    },
    setStart: (overpotential, before) => {
      flux.set(before)
      for (let k = 0; k < overpotential.length; k++) {
        memory[3 * k] = overpotential[k]
        memory[3 * k + 1] = Number.NaN
      }
    },
    setGap: (gap) => {
      for (let k = 0; k < patch.length; k++) {
        const well = wellShare[k]
        const own = gap[patch[k]]
        const onHigh = well > 0 ? Math.max(least, contactResistance.resistance(own, high.initialGap)) : 1
        const onLow = well < 1 ? Math.max(least, contactResistance.resistance(own, low.initialGap)) : 1
        resistance[k] = 1 / (well / onHigh + (1 - well) / onLow)
        resistanceSlope[k] =
          resistance[k] ** 2 *
          ((well * contactResistance.slope(own, high.initialGap)) / onHigh ** 2 +
            ((1 - well) * contactResistance.slope(own, low.initialGap)) / onLow ** 2)
      }
    },
    add,
  }
}
