import { bondedDamage } from "../debonded.ts"
import type { Observation, ParticleObservation } from "../observation.ts"
import type { HalfCell } from "./half-cell.ts"
import type { CellState } from "./state.ts"
import { particleStress, type StressSource } from "./stress.ts"

/** What the stress of a state is evaluated from, undefined when mechanics are off. */
export const stressSource = (cell: HalfCell, state: CellState): StressSource | undefined => {
  if (!cell.solids) return undefined
  const { unknowns } = cell.electrochemistry
  const volumeChange = new Float64Array(unknowns.solid.count)
  cell.solids.coupling.volumeChangeInto(state.x, volumeChange)
  const { mesh, geometry } = cell
  return {
    mesh,
    geometry,
    unknowns,
    bodies: cell.solids.bodies,
    displacement: state.mechanical.displacement,
    volumeChange,
  }
}

/** What a user follows of one state. */
export const observe = (
  cell: HalfCell,
  state: CellState,
  step: { readonly index: number; readonly cycle: number; readonly type: Observation["stepType"] },
): Observation => {
  const { energy } = state
  return {
    time: state.time,
    cycle: step.cycle,
    step: step.index,
    stepType: step.type,
    current: state.current / cell.collectorArea,
    voltage: state.x[cell.electrochemistry.unknowns.voltage],
    charge: state.charge / cell.activeMass,
    particles: observeParticles(cell, state),
    balance: { lithium: state.lithiumError, charge: state.chargeError },
    mechanicalEnergy: {
      input: energy.input,
      elastic: energy.elastic,
      dissipated: energy.dissipated,
      viscous: energy.interfaceWork - energy.dissipated - storedInInterfaces(cell, state),
    },
  }
}

const storedInInterfaces = (cell: HalfCell, state: CellState): number => {
  if (!cell.solids) return 0
  const { pairs } = cell.solids
  let stored = 0
  for (let pair = 0; pair < pairs.count; pair++)
    for (let row = 0; row < pairs.dimension; row++) {
      const at = pair * pairs.dimension + row
      stored += (pairs.weight[pair] / 2) * state.mechanical.traction[at] * state.mechanical.opening[at]
    }
  return stored
}

const observeParticles = (cell: HalfCell, state: CellState): ParticleObservation => {
  const { electrochemistry, particles, solids } = cell
  const { points, solidVolume } = electrochemistry
  const { count, volume, surface, ofUnknown, nodeSurface } = particles
  const zeros = (): Float64Array => new Float64Array(count)
  const meanStoichiometry = zeros()
  const surfaceStoichiometry = zeros()
  for (let i = 0; i < ofUnknown.length; i++) {
    meanStoichiometry[ofUnknown[i]] += (solidVolume[i] * state.x[i]) / volume[ofUnknown[i]]
    surfaceStoichiometry[ofUnknown[i]] += (nodeSurface[i] * state.x[i]) / surface[ofUnknown[i]]
  }
  const current = zeros()
  const perFacet = points.rule.weights.length
  for (let point = 0; point < points.count; point++) {
    const particle = points.particle[Math.floor(point / perFacet)]
    current[particle] += (points.weight[point] * state.transfer[point]) / surface[particle]
  }
  const damage = zeros()
  const meanGap = zeros()
  const maximumGap = zeros()
  const debondedShare = zeros()
  const gapVolumeShare = zeros()
  if (solids) {
    const { pairs } = solids
    for (let pair = 0; pair < pairs.count; pair++) {
      if (!pairs.cohesive[pair]) continue
      const particle = pairs.particle[pair]
      const share = pairs.weight[pair] / pairs.cohesiveArea[particle]
      const gap = Math.max(0, state.mechanical.opening[pair * pairs.dimension])
      damage[particle] += share * state.mechanical.damage[pair]
      meanGap[particle] += share * gap
      maximumGap[particle] = Math.max(maximumGap[particle], gap)
      if (state.mechanical.damage[pair] > bondedDamage) debondedShare[particle] += share
      gapVolumeShare[particle] += (pairs.weight[pair] * gap) / volume[particle]
    }
  }
  const source = stressSource(cell, state)
  const stress = source && particleStress(source, count)
  return {
    meanStoichiometry,
    surfaceStoichiometry,
    damage,
    meanGap,
    maximumGap,
    debondedShare,
    gapVolumeShare,
    current,
    maximumPrincipalStress: stress?.maximumPrincipal ?? zeros(),
    maximumHydrostaticStress: stress?.maximumHydrostatic ?? zeros(),
    elasticEnergy: stress?.energy ?? zeros(),
  }
}
