import type { Mesh } from "../../../src/mesh/mesh.ts"
import type { Observation } from "../../../src/model/observation.ts"
import { bounded, type Result, type ValidationCase } from "../../case.ts"
import { mirrored, renumbered } from "../mesh-transforms.ts"
import { fixedChargeCycle, meshed, referenceParameters, run, threeParticles, time } from "../reference-cell.ts"

const protocol = { ...fixedChargeCycle, steps: fixedChargeCycle.steps.slice(0, 2) }

const cycle = (mesh: Mesh): readonly Observation[] => {
  const observations: Observation[] = []
  run(mesh, referenceParameters, protocol, time, (observation) => observations.push(observation))
  return observations
}

/** Largest differences at any accepted step. @param toParticle where each particle went */
const differences = (
  name: string,
  one: readonly Observation[],
  other: readonly Observation[],
  toParticle: ArrayLike<number>,
): Result[] => {
  const worst = { time: 0, voltage: 0, stoichiometry: 0, damage: 0, stress: 0 }
  one.slice(0, other.length).forEach((own, k) => {
    const { time: at, voltage, particles } = other[k]
    worst.time = Math.max(worst.time, Math.abs(own.time - at))
    worst.voltage = Math.max(worst.voltage, Math.abs(own.voltage - voltage))
    for (let p = 0; p < own.particles.damage.length; p++) {
      const q = toParticle[p]
      const apart = (field: "meanStoichiometry" | "damage" | "maximumPrincipalStress"): number =>
        Math.abs(own.particles[field][p] - particles[field][q])
      worst.stoichiometry = Math.max(worst.stoichiometry, apart("meanStoichiometry"))
      worst.damage = Math.max(worst.damage, apart("damage"))
      worst.stress = Math.max(worst.stress, apart("maximumPrincipalStress"))
    }
  })
  return [
    bounded(`${name}: steps more or fewer`, Math.abs(one.length - other.length), 0),
    bounded(`${name}: time of any step [s]`, worst.time, 1e-6),
    bounded(`${name}: voltage [V]`, worst.voltage, 1e-8),
    bounded(`${name}: mean stoichiometry of any particle`, worst.stoichiometry, 1e-8),
    bounded(`${name}: damage of any particle`, worst.damage, 1e-8),
    bounded(
      `${name}: largest principal stress of any particle, over the strength of the bond`,
      worst.stress / 3e8,
      1e-6,
    ),
  ]
}

export const validationCase: ValidationCase = {
  name: "analytic/invariance",
  title: "Mirrored and renumbered layouts behave alike",
  reference: "Symmetry of the equations",
  tier: "fast",
  run: (): Result[] => {
    const mesh = meshed(threeParticles(), 1.2e-6)
    const plain = cycle(mesh)
    const { mesh: shuffled, toParticle } = renumbered(mesh, 3)
    return [
      ...differences("mirrored", plain, cycle(mirrored(mesh, 5.5e-6)), [0, 1, 2]),
      ...differences("renumbered", plain, cycle(shuffled), toParticle),
    ]
  },
}
