import { fractureDissipation } from "../../laws/cohesion.ts"
import { moduli } from "../../laws/elasticity.ts"
import { hasFatigue } from "../../laws/fatigue.ts"
import type { HalfCell } from "./half-cell.ts"
import type { MechanicalState } from "./mechanics.ts"
import type { CellState, EnergyAccount } from "./state.ts"

/**
 * Energies after a step. The swelling's work is −∫ σ_h dε_v and the interfaces' ∫ t·dδ, both by the trapezoidal rule,
 * which is exact along the straight path between two equilibria of linear bodies.
 */
export const energyAfter = (
  cell: HalfCell,
  last: CellState,
  volumeChange: Float64Array,
  hydrostatic: Float64Array,
  mechanical: MechanicalState,
): EnergyAccount => {
  const { bodies, pairs, coupling } = cell.solids!
  const count = volumeChange.length
  const before = new Float64Array(count)
  coupling.volumeChangeInto(last.x, before)
  const meanStress = new Float64Array(count)
  for (let i = 0; i < count; i++) meanStress[i] = (hydrostatic[i] + last.hydrostatic[i]) / 2
  const weighted = new Float64Array(count)
  bodies.massInto(meanStress, weighted)
  let input = last.energy.input
  for (let i = 0; i < count; i++) input -= weighted[i] * (volumeChange[i] - before[i])

  const { dimension } = pairs
  const law = cell.parameters.cohesion
  let interfaceWork = last.energy.interfaceWork
  let stored = 0
  let dissipated = last.energy.dissipated
  for (let pair = 0; pair < pairs.count; pair++) {
    const weight = pairs.weight[pair]
    let [work, storedBefore, storedAfter] = [0, 0, 0]
    for (let row = 0; row < dimension; row++) {
      const at = pair * dimension + row
      const [pullBefore, pull] = [last.mechanical.traction[at], mechanical.traction[at]]
      const [openingBefore, opening] = [last.mechanical.opening[at], mechanical.opening[at]]
      work += ((pull + pullBefore) / 2) * (opening - openingBefore)
      storedBefore += (pullBefore * openingBefore) / 2
      storedAfter += (pull * opening) / 2
    }
    interfaceWork += weight * work
    stored += weight * storedAfter
    if (pairs.cohesive[pair]) {
      const softening =
        fractureDissipation(law, mechanical.damage[pair]) - fractureDissipation(law, last.mechanical.damage[pair])
      // Bonds that wear away below the strength take less than softening would.
      const lost = work - storedAfter + storedBefore
      dissipated += weight * (hasFatigue(law) ? Math.min(softening, Math.max(0, lost)) : softening)
    }
  }
  return { input, interfaceWork, elastic: stored + bulkEnergy(cell, mechanical.displacement, volumeChange), dissipated }
}

/** ½ uᵀKu − uᵀf + ½ K ∫ ε_v²: elastic energy of swollen bodies. */
const bulkEnergy = (cell: HalfCell, displacement: Float64Array, volumeChange: Float64Array): number => {
  const { bodies } = cell.solids!
  const product = new Float64Array(displacement.length)
  bodies.forceInto(displacement, product)
  const load = new Float64Array(displacement.length)
  bodies.swellingLoadInto(volumeChange, load)
  let energy = 0
  for (let i = 0; i < displacement.length; i++) energy += displacement[i] * (product[i] / 2 - load[i])
  const weighted = new Float64Array(volumeChange.length)
  bodies.massInto(volumeChange, weighted)
  const { bulk } = moduli(cell.parameters.active.elasticity)
  for (let i = 0; i < weighted.length; i++) energy += (bulk / 2) * weighted[i] * volumeChange[i]
  return energy
}
