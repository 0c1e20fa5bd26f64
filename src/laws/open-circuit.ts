import type { OpenCircuitPotential } from "./contracts.ts"
import type { LawCurve, LawEntry } from "./law-entry.ts"
import { monotoneCubic } from "./monotone-cubic.ts"

/** Where the fit gives way to its tangents. */
const emptiest = 0
const fullest = 1

/** a tanh(b (x − c)) of the fit, as [a, b, c] */
const steps = [
  [-0.0428, 18.5138, 0.5542],
  [-17.7326, 15.789, 0.3117],
  [17.5842, 15.9308, 0.312],
] as const

const drop = 1.2
const dropWidth = 0.012

const fitted = (x: number): number => {
  let potential = -0.809 * x + 4.4875 - drop * Math.exp((x - 1) / dropWidth)
  for (const [height, steepness, centre] of steps) potential += height * Math.tanh(steepness * (x - centre))
  return potential
}

const fittedSlope = (x: number): number => {
  let slope = -0.809 - (drop / dropWidth) * Math.exp((x - 1) / dropWidth)
  for (const [height, steepness, centre] of steps) {
    const tanh = Math.tanh(steepness * (x - centre))
    slope += height * steepness * (1 - tanh * tanh)
  }
  return slope
}

/**
 * NMC811 against lithium: the half-cell fit of Chen et al., with the term −1.2 exp((x − 1)/0.012) that ends a discharge
 * (the fit alone stays at 3.5 V for x → 1). Both fall for every x: the fit by 0.342 V per unit at the least, at
 * x = 0.327; it was measured from x = 0.25 (4.4 V) on. Below x = 0 and above x = 1 its tangents, −0.81 V and −101 V, go on.
 * @source Chen et al. (2020), J. Electrochem. Soc. 167, 080534; the extension is a choice of this project
 */
export const chen2020OpenCircuit: OpenCircuitPotential = {
  potential: (x) => {
    if (x < emptiest) return fitted(emptiest) + fittedSlope(emptiest) * (x - emptiest)
    if (x > fullest) return fitted(fullest) + fittedSlope(fullest) * (x - fullest)
    return fitted(x)
  },
  slope: (x) => fittedSlope(x < emptiest ? emptiest : x > fullest ? fullest : x),
}

/**
 * Potential through measured points by monotone cubics, with their end tangents outside.
 * @param curve stoichiometry increasing, potential not increasing [V]
 * @throws RangeError where the potential rises
 */
export const tabulatedOpenCircuit = (curve: LawCurve): OpenCircuitPotential => {
  const { argument, value: potentials } = curve
  for (let i = 1; i < potentials.length; i++) {
    if (potentials[i] > potentials[i - 1])
      throw new RangeError(
        `The potential rises at stoichiometry ${argument[i]}: ${potentials[i - 1]}, ${potentials[i]} V`,
      )
  }
  const { value, slope } = monotoneCubic(curve)
  return { potential: value, slope }
}

/** Register entry of {@link chen2020OpenCircuit}. */
export const chen2020OpenCircuitEntry: LawEntry<OpenCircuitPotential> = {
  summary: "NMC811, half-cell fit with an end of discharge at 2.5 V",
  source:
    "Chen et al. (2020), J. Electrochem. Soc. 167, 080534; term −1.2 exp((x − 1)/0.012) V: choice of this project",
  parameters: {},
  tables: {},
  create: () => chen2020OpenCircuit,
}

/** Register entry of {@link tabulatedOpenCircuit}. */
export const tabulatedOpenCircuitEntry: LawEntry<OpenCircuitPotential> = {
  summary: "Measured potential, monotone cubics between the points",
  source: "the table; interpolation: Fritsch & Butland (1984), SIAM J. Sci. Stat. Comput. 5, 300",
  parameters: {},
  tables: {
    potential: {
      argument: { dimension: "", description: "Stoichiometry c/c_max" },
      value: { dimension: "V", description: "Equilibrium potential against lithium, not increasing" },
      description: "Equilibrium potential over stoichiometry",
    },
  },
  create: (_, { potential }) => tabulatedOpenCircuit(potential),
}
