import { assemblyPattern } from "../../algebra/pattern.ts"
import { faraday } from "../../laws/constants.ts"
import type { ElectrodeNetwork } from "../../microstructure/electrode-network.ts"
import type { BackwardDifference } from "../../solve/bdf.ts"
import { sparseOperator } from "../../solve/linear-operator.ts"
import type { NonlinearSystem } from "../../solve/newton.ts"
import type { Imposed } from "../cycler.ts"
import { alone, type Crew } from "./crew.ts"
import { addIonTransport } from "./ion-column.ts"
import type { NetworkCellParameters } from "./parameters.ts"
import { createParticleWork, type InnerFields, type ParticleWork, particleTasks } from "./particle-work.ts"
import type { PatchCurrents } from "./patch-currents.ts"
import type { RadialGrid } from "./radial-grid.ts"
import { dofsPerGroup, type ReactingPatches } from "./reacting-patches.ts"
import type { NetworkUnknowns } from "./unknowns.ts"

/** The implicit step that the residual describes. */
export interface NetworkStep {
  readonly formula: BackwardDifference
  /** Δt [s] */
  readonly step: number
  readonly drive: Imposed
  /** At the last accepted time and the one before */
  readonly previous: NetworkFields
  readonly older: NetworkFields
  /** [particle, shell] first guess */
  readonly start: Float64Array
}

export interface NetworkFields extends InnerFields {
  /** [unknown] */
  readonly x: Float64Array
  /** [reacting patch] stoichiometry there less x of the particle */
  readonly unevenness: Float64Array
}

/** Totals that follow from a solution. */
export interface NetworkTotals {
  /** Current through the collector, > 0 on charge [A] */
  readonly collector: number
  /** Current from particles into the electrolyte */
  readonly interfaces: number
  /** Current from the electrolyte into the lithium electrode */
  readonly lithium: number
  /** Lithium in the active material and in the electrolyte [mol] */
  readonly solidLithium: number
  readonly electrolyteLithium: number
}

export interface NetworkElectrochemistry {
  readonly unknowns: NetworkUnknowns
  readonly grid: RadialGrid
  /** [particle] [m] */
  readonly radius: Float64Array
  readonly ionCells: number
  /** [particle] 1 where no patch has a path for electrons to the collector */
  readonly floating: Uint8Array
  readonly system: NonlinearSystem
  readonly currents: PatchCurrents
  readonly reacting: ReactingPatches
  readonly particles: ParticleWork
  /** [particle, shell] of the last evaluation */
  readonly interior: Float64Array
  /** Does one of the particles' tasks for all of them. */
  readonly run: (task: number) => void
  readonly initial: () => NetworkFields
  readonly setStep: (step: NetworkStep) => void
  /** @param interior [particle, shell] */
  readonly totals: (x: Float64Array, interior: Float64Array) => NetworkTotals
}

/**
 * Residual and Jacobian of particles, electron network, ion column and charge transfer. Every row is in A: lithium rows
 * are multiplied by F. The insides of the particles are solved within each evaluation; what is left of a particle is its
 * surface.
 * @param nominalCurrent 1C: total current that counts as one when the residual is judged [A]
 * @param crew           does what particles need each by itself
 */
export const createNetworkElectrochemistry = (
  whole: ElectrodeNetwork,
  parameters: NetworkCellParameters,
  nominalCurrent: number,
  crew: Crew = alone(whole.particles.count),
): NetworkElectrochemistry => {
  const { active } = parameters
  const inner = createParticleWork(whole, parameters, nominalCurrent, crew)
  const { network, conductance, reached, column, unknowns, grid, radius, reacting, floating } = inner
  const { diffusion, modes, currents } = inner
  const { particles, electrons } = network
  const run = (task: number): void => crew.run(task, inner.work)

  const nodeDof = (node: number): number => (node === 0 ? unknowns.voltage : unknowns.electronic + node - 1)
  const edges = Int32Array.from({ length: electrons.edgeCount }, (_, edge) => edge).filter(
    (edge) =>
      reached[electrons.from[edge]] === 1 && conductance[edge] > 0 && electrons.from[edge] !== electrons.to[edge],
  )
  const edgeConductance = Float64Array.from(edges, (edge) => conductance[edge])
  const edgeDofs = new Int32Array(edges.length * 2)
  edges.forEach((edge, k) => {
    edgeDofs[2 * k] = nodeDof(electrons.from[edge])
    edgeDofs[2 * k + 1] = nodeDof(electrons.to[edge])
  })
  const faceDofs = new Int32Array((column.cells - 1) * 4)
  for (let face = 0; face < column.cells - 1; face++)
    for (let side = 0; side < 2; side++) {
      faceDofs[face * 4 + side] = unknowns.salt + face + side
      faceDofs[face * 4 + 2 + side] = unknowns.ionic + face + side
    }
  const metal = unknowns.ionic + column.cells - 1
  const { pattern, positions } = assemblyPattern(unknowns.count, [
    { dofs: edgeDofs, perElement: 2 },
    { dofs: reacting.particleDofs, perElement: reacting.dofsPerParticle },
    { dofs: faceDofs, perElement: 4 },
  ])
  const [edgeAt, patchAt, faceAt] = positions
  const operator = sparseOperator(pattern, "general")
  const place = (row: number, of: number): number => {
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++)
      if (pattern.columnIndex[at] === of) return at
    throw new RangeError(`no place for row ${row}, column ${of}`)
  }
  /** Entries of the Jacobian but for charge transfer, at the last evaluation */
  const otherSlopes = new Float64Array(pattern.columnIndex.length)
  /** Those of electron conduction, which stay */
  const conductionSlopes = new Float64Array(pattern.columnIndex.length)
  edges.forEach((_, k) => {
    // The collector's potential relative to itself is zero: nothing follows from its unknown.
    if (edgeDofs[2 * k] !== unknowns.voltage) {
      conductionSlopes[edgeAt[4 * k]] += edgeConductance[k]
      conductionSlopes[edgeAt[4 * k + 2]] -= edgeConductance[k]
    }
    if (edgeDofs[2 * k + 1] !== unknowns.voltage) {
      conductionSlopes[edgeAt[4 * k + 1]] -= edgeConductance[k]
      conductionSlopes[edgeAt[4 * k + 3]] += edgeConductance[k]
    }
  })
  const diagonal = Int32Array.from({ length: unknowns.count }, (_, row) => place(row, row))
  const metalSalt = place(metal - column.cells, metal)
  const pinned = pinnedUnknowns(network, unknowns, reached, reacting)
  const amount = particles.volume.map((volume) => faraday * active.maximumConcentration * volume)
  const saltAmount = column.volume.map((volume) => faraday * parameters.initialElectrolyte * volume)
  const transfer = new Float64Array(4)
  let now: NetworkStep | undefined
  let collector = 0
  let lithium = 0

  const evaluateInto = (x: Float64Array, residual: Float64Array): void => {
    if (!now) throw new Error("setStep comes before evaluateInto")
    const jacobian = otherSlopes
    residual.fill(0)
    jacobian.set(conductionSlopes)
    const { formula, step, previous, older, drive } = now
    inner.x.set(x)
    run(particleTasks.evaluate)
    for (let particle = 0; particle < particles.count; particle++) {
      residual[particle] -= amount[particle] * diffusion.outflow[particle]
      jacobian[diagonal[particle]] -= amount[particle] * diffusion.slope[particle]
    }
    for (let cell = 0; cell < column.cells; cell++) {
      const at = unknowns.salt + cell
      const weight = saltAmount[cell] / step
      residual[at] +=
        weight * (formula.newest * x[at] + formula.previous * previous.x[at] + formula.older * older.x[at])
      jacobian[diagonal[at]] += weight * formula.newest
    }
    addElectronConduction(x, residual)
    addIonTransport(
      column,
      parameters.electrolyte,
      parameters.initialElectrolyte,
      parameters.temperature,
      unknowns.salt,
      unknowns.ionic,
      faceAt,
      x,
      residual,
      jacobian,
    )
    currents.addCurrents(x, residual)
    addLithiumElectrode(x, residual, jacobian)
    for (const unknown of pinned) {
      residual[unknown] += nominalCurrent * x[unknown]
      jacobian[diagonal[unknown]] += nominalCurrent
    }
    collector = residual[unknowns.voltage]
    if (drive.kind === "current") residual[unknowns.voltage] -= drive.total
    else residual[unknowns.voltage] = nominalCurrent * (x[unknowns.voltage] - drive.voltage)
  }

  /** Adds the slopes of charge transfer, by far the most of the work, to what the evaluation has left. */
  const linearise = (): void => {
    const { values } = operator.matrix
    run(particleTasks.linearise)
    values.set(otherSlopes)
    currents.addSlopes(patchAt, values)
    if (now?.drive.kind === "voltage") imposeVoltage(values)
  }

  const addElectronConduction = (x: Float64Array, residual: Float64Array): void => {
    for (let k = 0; k < edges.length; k++) {
      const a = edgeDofs[2 * k]
      const b = edgeDofs[2 * k + 1]
      const flow = edgeConductance[k] * ((a === unknowns.voltage ? 0 : x[a]) - (b === unknowns.voltage ? 0 : x[b]))
      residual[a] += flow
      residual[b] -= flow
    }
  }

  const addLithiumElectrode = (x: Float64Array, residual: Float64Array, jacobian: Float64Array): void => {
    const area = network.collectorArea
    parameters.lithium.chargeTransfer.evaluateInto(parameters.lithium.exchangeCurrent, -x[metal], 0, transfer)
    // The metal's anodic current flows into the electrolyte, so what leaves the electrolyte is its negative.
    residual[metal] -= area * transfer[0]
    residual[metal - column.cells] -= area * transfer[0]
    jacobian[diagonal[metal]] += area * transfer[1]
    jacobian[metalSalt] += area * transfer[1]
    lithium = -area * transfer[0]
  }

  const imposeVoltage = (jacobian: Float64Array): void => {
    const row = unknowns.voltage
    for (let at = pattern.rowStart[row]; at < pattern.rowStart[row + 1]; at++) jacobian[at] = 0
    jacobian[diagonal[row]] = nominalCurrent
  }

  return {
    unknowns,
    grid,
    radius,
    ionCells: column.cells,
    floating,
    system: {
      jacobian: operator,
      evaluateInto,
      linearise,
      slack: currents.largestSlack,
      residualScale: () => nominalCurrent,
      limitUpdate: (_, update) => limitUpdate(unknowns, update),
    },
    currents,
    reacting,
    particles: inner,
    interior: diffusion.interior,
    run,
    initial: () => {
      const x = new Float64Array(unknowns.count)
      x.fill(active.initialStoichiometry, 0, particles.count)
      x[unknowns.voltage] = active.openCircuit.potential(active.initialStoichiometry)
      x.fill(1, unknowns.salt, unknowns.ionic)
      return {
        x,
        interior: new Float64Array(particles.count * grid.shells).fill(active.initialStoichiometry),
        modes: new Float64Array(particles.count * modes.modeCount * modes.shells),
        unevenness: new Float64Array(reacting.reacting.length),
      }
    },
    setStep: (step) => {
      now = step
      inner.setStep(step)
      run(particleTasks.prepare)
    },
    totals: (x, interior) => {
      let solid = 0
      for (let particle = 0; particle < particles.count; particle++) {
        let mean = 0
        for (let j = 0; j < grid.shells; j++)
          mean += grid.share[particle * grid.stride + j] * interior[particle * grid.shells + j]
        solid += particles.volume[particle] * mean
      }
      let salt = 0
      for (let cell = 0; cell < column.cells; cell++) salt += column.volume[cell] * x[unknowns.salt + cell]
      let interfaces = 0
      for (let particle = 0; particle < particles.count; particle++) interfaces += currents.current[particle]
      return {
        collector,
        interfaces,
        lithium,
        solidLithium: solid * active.maximumConcentration,
        electrolyteLithium: salt * parameters.initialElectrolyte,
      }
    },
  }
}

/** Scales an update so that no potential moves by more than 1 V and no concentration by more than half its range. */
const limitUpdate = (unknowns: NetworkUnknowns, update: Float64Array): void => {
  let scale = 1
  for (let i = 0; i < update.length; i++) {
    const concentration = i < unknowns.electronic || (i >= unknowns.salt && i < unknowns.ionic)
    const size = Math.abs(update[i]) * (concentration ? 2 : 1)
    if (size * scale > 1) scale = 1 / size
  }
  if (scale < 1) for (let i = 0; i < update.length; i++) update[i] *= scale
}

/** Potentials that nothing determines: nodes without a path to the collector, particles that nothing wets. */
const pinnedUnknowns = (
  { particles, electrons }: ElectrodeNetwork,
  unknowns: NetworkUnknowns,
  reached: Uint8Array,
  reacting: ReactingPatches,
): readonly number[] => {
  const pinned: number[] = []
  for (let node = 1; node < electrons.nodeCount; node++) if (!reached[node]) pinned.push(unknowns.electronic + node - 1)
  if (unknowns.potential >= 0) {
    const wetted = new Uint8Array(particles.count)
    for (let at = 0; at < reacting.dofs.length; at += dofsPerGroup) wetted[reacting.dofs[at]] = 1
    wetted.forEach((flag, particle) => {
      if (!flag) pinned.push(unknowns.potential + particle)
    })
  }
  return pinned
}
