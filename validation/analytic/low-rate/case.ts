import { faraday, gasConstant } from "../../../src/laws/constants.ts"
import type { Layout } from "../../../src/mesh/layout.ts"
import type { HalfCellParameters } from "../../../src/model/resolved/parameters.ts"
import { localStressSlope } from "../../../src/model/resolved/solid-diffusion.ts"
import { bounded, compared, type Result, type ValidationCase } from "../../case.ts"
import { withMirrorImage } from "../mesh-transforms.ts"
import { atRate, fixedChargeCycle, meshed, referenceParameters, run, threeParticles, time } from "../reference-cell.ts"

/** The first particles of the reference column in one carbon/binder. */
const column = (count: number): Layout => {
  const { cuts: _, ...layout } = threeParticles()
  return { ...layout, height: count * 11e-6, particles: layout.particles.slice(0, count) }
}

const noMechanics: HalfCellParameters = { ...referenceParameters, mechanics: false }
/** Bonds that hold whatever happens */
const unbreakable: HalfCellParameters = {
  ...referenceParameters,
  cohesion: { ...referenceParameters.cohesion, strength: 3e12, fractureEnergy: 4e7 },
}
/** Without stress-driven lithium flux, because E_eq knows no stress: see README. */
const unstressed: HalfCellParameters = {
  ...referenceParameters,
  active: { ...referenceParameters.active, stressCoupling: false },
}

interface Trace {
  /** V − E_eq(mean x) [V] and mean x of every accepted state */
  readonly deviation: readonly number[]
  readonly stoichiometry: readonly number[]
  readonly damage: number
}

/** Charges by 0.6 of the nominal capacity. */
const charge = (count: number, parameters: HalfCellParameters, rate: number): Trace => {
  const deviation: number[] = []
  const stoichiometry: number[] = []
  const { simulation } = run(
    meshed(column(count), 0.8e-6),
    parameters,
    { name: "low rate", steps: [atRate(rate, (0.6 * 3600) / rate)] },
    { ...time, longestStep: 6 / rate },
    ({ particles, voltage }) => {
      const mean = particles.meanStoichiometry.reduce((sum, x) => sum + x, 0) / count
      stoichiometry.push(mean)
      deviation.push(voltage - parameters.active.openCircuit.potential(mean))
    },
  )
  return { deviation, stoichiometry, damage: Math.max(...simulation.observation.particles.damage) }
}

const worst = ({ deviation }: Trace): number => Math.max(...deviation.map(Math.abs))

const near = ({ deviation, stoichiometry }: Trace, wanted: number): number => {
  const k = stoichiometry.findIndex((x) => x < wanted)
  const share = (stoichiometry[k - 1] - wanted) / (stoichiometry[k - 1] - stoichiometry[k])
  return deviation[k - 1] + share * (deviation[k] - deviation[k - 1])
}

/**
 * V − E_eq(mean x) of one particle at a small current, without mechanics: charge transfer at particle and lithium,
 * contact resistance, electrolyte, and the depth x̄ − x_s = i R/(4 F D c_max (1 + θc)) of a cylinder's quasi-steady
 * profile [V].
 */
const expectedDeviation = (rate: number, x: number): number => {
  const { active, lithium, electrolyte, temperature, initialElectrolyte } = referenceParameters
  const [radius, width] = [5e-6, 11e-6]
  const thermal = (gasConstant * temperature) / faraday
  const total = (rate * active.density * Math.PI * radius ** 2 * active.nominalCapacity) / 3600
  const density = total / (2 * Math.PI * radius)
  const exchange = new Float64Array(3)
  active.exchangeCurrent.evaluateInto(x, initialElectrolyte, exchange)
  const { maximumConcentration } = active
  const omega = active.swelling.slope(x * maximumConcentration)
  const theta = (localStressSlope(active.elasticity) * omega ** 2) / (gasConstant * temperature)
  const diffusivity = active.diffusivity.value(x) * (1 + theta * x * maximumConcentration)
  const depth = (density * radius) / (4 * faraday * diffusivity * maximumConcentration)
  const across = total / width
  const [kappa, salt] = [electrolyte.conductivity(initialElectrolyte), electrolyte.diffusivity(initialElectrolyte)]
  const anionic = 1 - electrolyte.transference(initialElectrolyte)
  // Ohm's drop and the steady salt gradient, through the separator to the middle of the particle
  const liquid = 1 / kappa + (2 * thermal * anionic ** 2) / (faraday * salt * initialElectrolyte)
  const path = ((25e-6 + 5.5e-6) * liquid) / 0.5 ** 1.5
  return (
    density * (thermal / exchange[0] + referenceParameters.contactResistance.resistance(0, 0)) +
    across * (thermal / lithium.exchangeCurrent + path) -
    active.openCircuit.slope(x) * depth
  )
}

/** Largest difference between mirror images through a 5C cycle with mechanics. */
const asymmetry = (): { readonly stoichiometry: number; readonly damage: number } => {
  const out = { stoichiometry: 0, damage: 0 }
  run(
    withMirrorImage(meshed(column(1), 0.4e-6), 11e-6),
    referenceParameters,
    fixedChargeCycle,
    time,
    ({ particles: { meanStoichiometry, damage } }) => {
      out.stoichiometry = Math.max(out.stoichiometry, Math.abs(meanStoichiometry[0] - meanStoichiometry[1]))
      out.damage = Math.max(out.damage, Math.abs(damage[0] - damage[1]))
    },
  )
  return out
}

export const validationCase: ValidationCase = {
  name: "analytic/low-rate",
  title: "At small currents the cell shows its equilibrium potential; equal particles stay equal",
  reference: "Equilibrium; linear kinetics and quasi-steady diffusion for what is left",
  tier: "long",
  run: (): Result[] => {
    const one = charge(1, noMechanics, 0.01)
    const two = charge(2, noMechanics, 0.01)
    const slower = charge(2, noMechanics, 0.005)
    const equal = charge(2, { ...noMechanics, particleConduction: "equipotential" }, 0.005)
    const bonded = charge(1, unbreakable, 0.01)
    const breaking = charge(1, unstressed, 0.005)
    const apart = asymmetry()
    const millivolt = 1e-3
    return [
      bounded("one particle at C/100: |V − E_eq(mean x)| [V]", worst(one), millivolt),
      compared("one particle at C/100: V − E_eq at x = 0.7", expectedDeviation(0.01, 0.7), near(one, 0.7), 2e-2, "V"),
      compared(
        "two particles: V − E_eq at C/100 over that at C/200, x = 0.7",
        2,
        near(two, 0.7) / near(slower, 0.7),
        1e-2,
        "",
      ),
      bounded("two particles at C/200: |V − E_eq(mean x)| [V]", worst(slower), millivolt),
      bounded("two equipotential particles at C/200: |V − E_eq(mean x)| [V]", worst(equal), millivolt),
      bounded(
        "one particle that swells in unbreakable bonds at C/100: |V − E_eq(mean x)| [V]",
        worst(bonded),
        millivolt,
      ),
      bounded(
        `one particle that debonds (damage ${breaking.damage.toFixed(2)}) at C/200, flux without stress: |V − E_eq(mean x)| [V]`,
        worst(breaking),
        millivolt,
      ),
      bounded("two mirrored particles, 5C cycle: difference in mean stoichiometry", apart.stoichiometry, 1e-8),
      bounded("two mirrored particles, 5C cycle: difference in damage", apart.damage, 1e-8),
    ]
  },
}
