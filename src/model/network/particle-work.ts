import type { ElectrodeNetwork, ElectronNetwork } from "../../microstructure/electrode-network.ts"
import type { BackwardDifference } from "../../solve/bdf.ts"
import { type AngularModes, createAngularModes } from "./angular-modes.ts"
import type { Crew, ShareWork } from "./crew.ts"
import { type IonColumn, ionColumn } from "./ion-column.ts"
import { createLigaments, type Ligaments } from "./ligament.ts"
import { mergedConductors } from "./merged-conductors.ts"
import { angularDegrees, bothMatrices, type NetworkCellParameters } from "./parameters.ts"
import { createParticleDiffusion, type ParticleDiffusion } from "./particle-diffusion.ts"
import { createPatchCurrents, type PatchCurrents } from "./patch-currents.ts"
import { freeShrinkage } from "./patch-load.ts"
import { createPatchMechanics, type PatchMechanics } from "./patch-mechanics.ts"
import { equivalentRadius, type RadialGrid, radialGrid } from "./radial-grid.ts"
import { type ReactingPatches, reactingPatches } from "./reacting-patches.ts"
import { type NetworkUnknowns, numberNetworkUnknowns, reachedNodes } from "./unknowns.ts"

/** What an implicit step of the insides of particles starts from. */
export interface InnerStep {
  readonly formula: BackwardDifference
  /** Δt [s] */
  readonly step: number
  /** At the last accepted time and the one before */
  readonly previous: InnerFields
  readonly older: InnerFields
  /** [particle, shell] first guess */
  readonly start: Float64Array
}

export interface InnerFields {
  /** [particle, shell] stoichiometry */
  readonly interior: Float64Array
  /** [particle, mode, shell] departures from it around the particles */
  readonly modes: Float64Array
}

/** Tasks of a crew, each for one particle after the other. */
export const particleTasks = {
  /** Sets the implicit step. */
  prepare: 0,
  /** Solves insides and charge transfer at the network's unknowns. */
  evaluate: 1,
  /** Slopes of charge transfer at the last evaluation */
  linearise: 2,
  /** What is left around the particles at the end of a step */
  profile: 3,
  /** Free shrinkage of the last evaluation */
  shrink: 4,
  /** Equilibrium of bonds, once all shrinkage is known */
  balance: 5,
} as const

/** All that particles do each by itself, given the unknowns of the network; every member of a crew has one. */
export interface ParticleWork {
  /** With ideal conductors merged */
  readonly network: ElectrodeNetwork
  /** [edge] [S] */
  readonly conductance: Float64Array
  /** [node] 1 where a path leads to the collector */
  readonly reached: Uint8Array
  readonly column: IonColumn
  readonly unknowns: NetworkUnknowns
  readonly grid: RadialGrid
  /** [particle] [m] */
  readonly radius: Float64Array
  readonly reacting: ReactingPatches
  /** [particle] 1 where no patch has a path for electrons to the collector */
  readonly floating: Uint8Array
  readonly diffusion: ParticleDiffusion
  readonly modes: AngularModes
  readonly currents: PatchCurrents
  readonly ligaments: Ligaments
  readonly mechanics: PatchMechanics
  /** [unknown] that `evaluate` is to take */
  readonly x: Float64Array
  /** [particle, mode, shell] that `profile` has left */
  readonly profiles: Float64Array
  /** Writes what `prepare` is to take. */
  readonly setStep: (step: InnerStep) => void
  readonly work: ShareWork
}

/**
 * @param nominalCurrent 1C: total current [A]
 * @param memory         for all that one task leaves to another
 */
export const createParticleWork = (
  whole: ElectrodeNetwork,
  parameters: NetworkCellParameters,
  nominalCurrent: number,
  { floats, arena }: Pick<Crew, "floats" | "arena">,
): ParticleWork => {
  const { active, temperature } = parameters
  const { high, low } = bothMatrices(parameters)
  const conductanceOf = ({ highShape, lowShape }: ElectronNetwork): Float64Array =>
    highShape.map((shape, edge) => high.conductivity * shape + low.conductivity * lowShape[edge])
  const fall = parameters.negligibleFall ?? 1e-3
  const ideal = (5 * nominalCurrent) / (whole.particles.count * fall)
  const network = fall > 0 ? mergedConductors(whole, conductanceOf(whole.electrons), ideal) : whole
  const { dimension, particles } = network
  const across = parameters.separatorCells ?? 8
  const column = ionColumn(
    network.ions,
    network.collectorArea,
    parameters.separator,
    parameters.separatorThickness,
    across,
  )
  const unknowns = numberNetworkUnknowns(network, column.cells, parameters.particleConduction)
  const grid = radialGrid(network, parameters.shells ?? 16)
  const radius = particles.volume.map((volume) => equivalentRadius(dimension, volume))
  const conductance = conductanceOf(network.electrons)
  const reached = reachedNodes(network, conductance)
  const { reacting, floating } = reactingPatches(network, unknowns, reached)
  const surface = { particleStart: reacting.particleStart, patch: reacting.reacting }
  const degrees = angularDegrees(dimension, parameters)
  const diffusion = createParticleDiffusion(grid, radius, active, temperature, floats)
  const modes = createAngularModes(network, degrees, grid, radius, surface, active, temperature, floats, arena.floats)
  const currents = createPatchCurrents(reacting, modes, unknowns, parameters, floats, arena)
  const ligaments = createLigaments(network, radius, parameters)
  const mechanics = createPatchMechanics(network, ligaments, parameters.cohesion, floats)

  const x = floats(unknowns.count)
  const profiles = floats(particles.count * modes.modeCount * modes.shells)
  const shrinkage = floats(particles.count)
  const inner = (): InnerFields => ({
    interior: floats(particles.count * grid.shells),
    modes: floats(particles.count * modes.modeCount * modes.shells),
  })
  const [previous, older] = [inner(), inner()]
  const start = floats(particles.count * grid.shells)
  /** Order, weights and length of the step */
  const clock = floats(5)
  const shrink = freeShrinkage(dimension, active, grid, radius)

  const tasks: readonly ((from: number, to: number) => void)[] = [
    (from, to) => {
      const [order, newest, weight, olderWeight, step] = clock
      const formula = { order: order === 1 ? 1 : 2, newest, previous: weight, older: olderWeight } as const
      diffusion.setStep(formula, step, previous.interior, older.interior, start, from, to)
      modes.setStep(formula, step, previous.modes, older.modes, start, from, to)
    },
    (from, to) => {
      diffusion.solve(x, from, to)
      currents.evaluate(x, from, to)
    },
    currents.linearise,
    (from, to) => modes.profilesInto(currents.patchCurrent, profiles, from, to),
    (from, to) => shrink(diffusion.interior, shrinkage, from, to),
    (from, to) => mechanics.settle(shrinkage, from, to),
  ]

  return {
    network,
    conductance,
    reached,
    column,
    unknowns,
    grid,
    radius,
    reacting,
    floating,
    diffusion,
    modes,
    currents,
    ligaments,
    mechanics,
    x,
    profiles,
    setStep: ({ formula, step, previous: last, older: before, start: guess }) => {
      clock.set([formula.order, formula.newest, formula.previous, formula.older, step])
      previous.interior.set(last.interior)
      previous.modes.set(last.modes)
      older.interior.set(before.interior)
      older.modes.set(before.modes)
      start.set(guess)
    },
    work: (task, from, to) => tasks[task](from, to),
  }
}
