import { addLumpedMass } from "../../../src/fem/scalar.ts"
import { faraday } from "../../../src/laws/constants.ts"
import type { Protocol } from "../../../src/model/protocol.ts"
import type { ParticleConduction } from "../../../src/model/resolved/parameters.ts"
import type { Simulation } from "../../../src/model/resolved/simulation.ts"
import { bounded, compared, type Result, type ValidationCase } from "../../case.ts"
import { atRate, meshed, referenceParameters, run, threeParticles, time } from "../reference-cell.ts"

/** Fixed charge both ways at 5C, with a hold at constant voltage after the charge. */
const protocol: Protocol = {
  name: "fixed charge with a hold",
  steps: [
    atRate(5, 432, [{ kind: "voltage-above", voltage: 5.1 }]),
    {
      phrase: "Hold at 4.4 V for 1 minute",
      cycle: 1,
      control: { kind: "voltage", voltage: 4.4 },
      duration: 60,
      limits: [],
    },
    atRate(0, 120),
    atRate(-5, 432, [{ kind: "voltage-below", voltage: 2.5 }]),
    atRate(0, 120),
  ],
}

/** Lithium in particles and electrolyte from the published fields alone, apart from the program's own account [mol/m]. */
const inventory = ({ cell, fields }: Simulation): number => {
  const { mesh, geometry, parameters } = cell
  const values = (name: string): Float64Array => fields().pointData.find((field) => field.name === name)!.values
  const identity = Int32Array.from({ length: mesh.nodes.length / 2 }, (_, node) => node)
  const contentOf = (field: Float64Array, share: (kind: string, name: string) => number, scale: number): number => {
    const regionOf = (k: number) => mesh.regions[mesh.cellToRegion[k]]
    const cells = Int32Array.from(mesh.cellToRegion.keys())
    const volume = new Float64Array(identity.length)
    addLumpedMass(geometry, mesh.cellToNode, cells, (k) => share(regionOf(k).kind, regionOf(k).name), identity, volume)
    return scale * volume.reduce((sum, own, node) => sum + (own > 0 ? own * field[node] : 0), 0)
  }
  return (
    contentOf(
      values("stoichiometry"),
      (kind) => (kind === "particle" ? 1 : 0),
      parameters.active.maximumConcentration,
    ) +
    contentOf(
      values("electrolyte_concentration"),
      (kind, name) =>
        kind === "matrix"
          ? parameters.matrices[name].porosity
          : kind === "separator"
            ? parameters.separator.porosity
            : 0,
      1,
    )
  )
}

/** Worst errors over all accepted steps of one run. */
const account = (mode: ParticleConduction): Result[] => {
  const worst = { lithium: 0, charge: 0, energy: 0, gain: 0 }
  let lost = 0
  let steps = 0
  const kept = { start: 0, afterCharge: 0, held: 0 }
  const { simulation, ends } = run(
    meshed(threeParticles(), 0.8e-6),
    { ...referenceParameters, particleConduction: mode },
    protocol,
    time,
    ({ balance, mechanicalEnergy: energy, ...at }, current) => {
      if (steps === 0)
        kept.start = inventory(current) + (current.observation.charge * current.cell.activeMass) / faraday
      steps++
      worst.lithium = Math.max(worst.lithium, balance.lithium)
      worst.charge = Math.max(worst.charge, balance.charge)
      const difference = energy.input - energy.elastic - energy.dissipated - energy.viscous
      worst.energy = Math.max(worst.energy, Math.abs(difference) / energy.input)
      worst.gain = Math.max(worst.gain, lost - energy.dissipated - energy.viscous)
      lost = energy.dissipated + energy.viscous
      if (at.step === 0) kept.afterCharge = inventory(current)
    },
  )
  const { cell, observation } = simulation
  const asked = (432 * 5 * cell.oneC) / faraday
  const { input } = observation.mechanicalEnergy
  const left = inventory(simulation) + (observation.charge * cell.activeMass) / faraday
  const named = (quantity: string): string => `${mode}: ${quantity}`
  return [
    bounded(named(`lithium balance, worst of ${steps} steps`), worst.lithium, 1e-9),
    bounded(named("charge balance, worst step"), worst.charge, 1e-9),
    compared(
      named("lithium that left fields in 432 s at 5C, against I t/F"),
      asked,
      kept.start - kept.afterCharge,
      1e-9,
      "mol/m",
    ),
    compared(named("lithium of fields and charge passed, whole cycle"), kept.start, left, 1e-9, "mol/m"),
    bounded(named("mechanical energy: input − elastic − dissipated − viscous, worst step"), worst.energy, 1e-6),
    bounded(named("work won back from debonding in any step, of the input"), worst.gain / input, 1e-12),
    bounded(named("protocol steps not run to their end"), protocol.steps.length - ends.length, 0),
  ]
}

export const validationCase: ValidationCase = {
  name: "analytic/conservation",
  title: "Lithium, charge and mechanical energy through a cycle of three particles",
  reference: "Conservation laws, at every accepted step",
  tier: "fast",
  run: (): Result[] => (["none", "equipotential"] as const).flatMap(account),
}
