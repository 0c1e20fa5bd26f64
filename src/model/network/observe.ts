import { crackVolumeShare } from "../../laws/crack-growth.ts"
import { bondedDamage } from "../debonded.ts"
import type { Observation, ParticleObservation } from "../observation.ts"
import type { NetworkCell } from "./network-cell.ts"
import { createPatchLoad } from "./patch-load.ts"
import type { NetworkState } from "./state.ts"

/** What a user follows of one state. */
export const observeNetwork = (
  cell: NetworkCell,
  state: NetworkState,
  step: { readonly index: number; readonly cycle: number; readonly type: Observation["stepType"] },
): Observation => {
  const particles = observeParticles(cell, state)
  const { ligaments, network } = cell
  const { traction, opening, mismatch } = state.mechanical
  let bonds = 0
  let stretched = 0
  for (let patch = 0; patch < network.patches.count; patch++) {
    const half = (ligaments.cohesiveArea[patch] * traction[patch]) / 2
    bonds += half * opening[patch]
    stretched += half * (mismatch[patch] - opening[patch])
  }
  const { input, interfaceWork, dissipated } = state.energy
  const inParticles = particles.elasticEnergy.reduce((sum, energy) => sum + energy, 0)
  return {
    time: state.time,
    cycle: step.cycle,
    step: step.index,
    stepType: step.type,
    current: state.current / cell.collectorArea,
    voltage: state.x[cell.electrochemistry.unknowns.voltage],
    charge: state.charge / cell.activeMass,
    particles,
    balance: { lithium: state.lithiumError, charge: state.chargeError },
    mechanicalEnergy: {
      // What lithium stores in a body it has put in; what it does on ligaments is accumulated.
      input: input + inParticles,
      elastic: bonds + stretched + inParticles,
      dissipated,
      viscous: interfaceWork - dissipated - bonds,
    },
  }
}

const observeParticles = (cell: NetworkCell, state: NetworkState): ParticleObservation => {
  const { network, electrochemistry, ligaments, surface, cohesiveArea } = cell
  const { particles, patches } = network
  const { grid } = electrochemistry
  const load = createPatchLoad(cell)
  const zeros = (): Float64Array => new Float64Array(particles.count)
  const out = {
    meanStoichiometry: zeros(),
    surfaceStoichiometry: state.x.slice(0, particles.count),
    damage: zeros(),
    meanGap: zeros(),
    maximumGap: zeros(),
    debondedShare: zeros(),
    gapVolumeShare: zeros(),
    current: zeros(),
    maximumPrincipalStress: zeros(),
    maximumHydrostaticStress: zeros(),
    elasticEnergy: zeros(),
  }
  for (let particle = 0; particle < particles.count; particle++) {
    for (let j = 0; j < grid.shells; j++)
      out.meanStoichiometry[particle] +=
        grid.share[particle * grid.stride + j] * state.interior[particle * grid.shells + j]
    out.current[particle] = state.transfer[particle] / surface[particle]
    for (let patch = patches.start[particle]; patch < patches.start[particle + 1]; patch++) {
      const area = ligaments.cohesiveArea[patch]
      if (area === 0) continue
      const share = area / cohesiveArea[particle]
      const gap = state.gap[patch]
      const damage = state.mechanical.damage[patch]
      out.damage[particle] += share * damage
      out.meanGap[particle] += share * gap
      out.maximumGap[particle] = Math.max(out.maximumGap[particle], gap)
      if (damage > bondedDamage) out.debondedShare[particle] += share
      out.gapVolumeShare[particle] += (area * gap) / particles.volume[particle]
    }
    if (!cell.parameters.mechanics) continue
    const stress = load.stress(particle, state.x, state.interior, state.mechanical)
    out.maximumPrincipalStress[particle] = stress.principal
    out.maximumHydrostaticStress[particle] = stress.hydrostatic
    out.elasticEnergy[particle] = stress.energy * particles.volume[particle]
  }
  return out
}

/** Damage inside particles, apart from that of their interfaces. */
export interface InnerDamage {
  /** [particle] length of surface cracks [m] */
  readonly crackLength: Float64Array
  /** [particle] crack volume over particle volume */
  readonly crackVolumeShare: Float64Array
}

export const innerDamage = ({ network, parameters, surface }: NetworkCell, { cracks }: NetworkState): InnerDamage => {
  const { cracking, active } = parameters
  const { young, poisson } = active.elasticity
  return {
    crackLength: cracks.length.slice(),
    crackVolumeShare: network.particles.volume.map((volume, particle) =>
      cracking
        ? crackVolumeShare(
            cracking,
            cracks.length[particle],
            cracks.tension[particle],
            young / (1 - poisson * poisson),
            surface[particle] / volume,
          )
        : 0,
    ),
  }
}
