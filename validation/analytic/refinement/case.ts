import type { Observation } from "../../../src/model/observation.ts"
import type { TimeSettings } from "../../../src/model/resolved/parameters.ts"
import { bounded, compared, type Result, type ValidationCase } from "../../case.ts"
import { fixedChargeCycle, meshed, referenceParameters, run, threeParticles, time } from "../reference-cell.ts"

const fineTime: TimeSettings = { ...time, tolerance: time.tolerance / 4, longestStep: time.longestStep / 4 }

interface Cycle {
  /** Last observation of every protocol step */
  readonly ends: readonly Observation[]
  /** Worst balance error of lithium or charge at any accepted step */
  readonly imbalance: number
}

const cycle = (interfaceLength: number, settings: TimeSettings): Cycle => {
  const ends: Observation[] = []
  let imbalance = 0
  run(meshed(threeParticles(), interfaceLength), referenceParameters, fixedChargeCycle, settings, (observation) => {
    ends[observation.step] = observation
    imbalance = Math.max(imbalance, observation.balance.lithium, observation.balance.charge)
  })
  return { ends, imbalance }
}

const mean = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
/** Standard deviation over the particles */
const spread = (values: Float64Array): number => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))

/** How far the reported quantities move; `finer` is the reference. */
const moves = (
  what: string,
  [charge, , discharge, rest]: readonly Observation[],
  finer: readonly Observation[],
): Result[] => {
  const [fineCharge, , fineDischarge, fineRest] = finer
  const row = (quantity: string, reference: number, found: number, unit = "", tolerance = 0.02): Result =>
    compared(`${what}: ${quantity}`, reference, found, tolerance, unit)
  const capacity = (from: Observation, to: Observation): number => (from.charge - to.charge) / 3600
  const each = [0, 1, 2].flatMap((particle) => [
    row(
      `mean stoichiometry of particle ${particle + 1} after charge`,
      fineCharge.particles.meanStoichiometry[particle],
      charge.particles.meanStoichiometry[particle],
    ),
    row(
      `mean stoichiometry of particle ${particle + 1} after the cycle`,
      fineRest.particles.meanStoichiometry[particle],
      rest.particles.meanStoichiometry[particle],
    ),
    // The least damaged particle: a mean of 0.019 that comes from a few facets
    row(
      `damage of particle ${particle + 1}`,
      fineRest.particles.damage[particle],
      rest.particles.damage[particle],
      "",
      particle === 2 ? 0.05 : 0.02,
    ),
  ])
  return [
    ...each,
    row("mean damage", mean(fineRest.particles.damage), mean(rest.particles.damage)),
    row("discharge capacity", capacity(fineCharge, fineDischarge), capacity(charge, discharge), "mAh/g"),
    row(
      "spread of stoichiometry after charge",
      spread(fineCharge.particles.meanStoichiometry),
      spread(charge.particles.meanStoichiometry),
    ),
    row("voltage after charge", fineCharge.voltage, charge.voltage, "V", 1e-3),
  ]
}

export const validationCase: ValidationCase = {
  name: "analytic/refinement",
  title: "One 5C cycle of three particles: mesh halved, time steps quartered",
  reference: "The same run, refined",
  tier: "long",
  run: (): Result[] => {
    const plain = cycle(0.4e-6, time)
    const fineMesh = cycle(0.2e-6, time)
    const fineSteps = cycle(0.4e-6, fineTime)
    return [
      ...moves("mesh 0.4 → 0.2 µm", plain.ends, fineMesh.ends),
      ...moves("time tolerance 1e-3 → 2.5e-4, longest step 20 → 5 s", plain.ends, fineSteps.ends),
      bounded("mesh 0.2 µm: lithium and charge balance, worst step", fineMesh.imbalance, 1e-9),
      bounded("fine steps: lithium and charge balance, worst step", fineSteps.imbalance, 1e-9),
    ]
  },
}
