import { bounded, compared, orderOf, type Result, type ValidationCase } from "../../case.ts"
import { rootMeanSquare } from "../given-values.ts"
import {
  type ElectrolyteCell,
  limitingCurrent,
  platesConcentration,
  steadyConcentration,
  steadyPotential,
} from "./solution.ts"
import { type Strip, strip } from "./strip.ts"

const cell: ElectrolyteCell = {
  separator: { thickness: 25e-6, porosity: 0.5, bruggeman: 1.5 },
  electrode: { thickness: 75e-6, porosity: 0.3, bruggeman: 1.5 },
  diffusivity: 3e-10,
  conductivity: 1,
  transference: 0.38,
  thermodynamicFactor: 1.4,
  initial: 1000,
  temperature: 298.15,
}
const plates: ElectrolyteCell = { ...cell, electrode: { ...cell.electrode, thickness: 0 } }

/** Steps long enough for every mode to die at once, four times. */
const steady = (made: Strip, current: number) => made.march(new Array(4).fill(current), 1e5)

const largest = (made: Strip, found: Float64Array, exact: (x: number) => number): number =>
  found.reduce((max, value, node) => Math.max(max, Math.abs(value - exact(made.mesh.nodes[2 * node]))), 0)

const rms = ({ mesh, geometry }: Strip, found: Float64Array, exact: (x: number) => number): number =>
  rootMeanSquare(geometry, mesh.nodes, mesh.cellToNode, (node) => found[node], exact)

/**
 * Current at which the salt runs out, on the line through no current and 99 % of the closed form. On the way there the
 * least concentration falls by a third a step.
 */
const limitFound = (made: Strip, problem: ElectrolyteCell, direction: "charge" | "discharge"): number => {
  const limit = limitingCurrent(problem, direction) * (direction === "charge" ? 1 : -1)
  const approach = Array.from({ length: 12 }, (_, k) => limit * (1 - 0.01 ** ((k + 1) / 12)))
  const near = 0.99 * limit
  const { concentration } = made.march([...approach, near, near, near], 1e5)
  return Math.abs(near * problem.initial) / (problem.initial - Math.min(...concentration))
}

export const validationCase: ValidationCase = {
  name: "analytic/electrolyte-cell",
  title: "Electrolyte between lithium and a porous electrode: steady state, limiting current, approach to it",
  reference: "Newman & Thomas-Alyea (2004), Electrochemical Systems, ch. 12, 22; Crank (1975) §4.3",
  tier: "fast",
  run: (): Result[] => {
    const current = limitingCurrent(plates, "charge") / 2
    const between = [16, 32, 64].map((columns) => strip(plates, columns))
    const profiles = between.map((made) => steady(made, current))
    const saltAt = (x: number) => steadyConcentration(plates, current, x)
    const jump = steadyPotential(plates, current, plates.separator.thickness)
    const potentials = between.map((made, k) =>
      rms(made, profiles[k].potential, (x) => steadyPotential(plates, current, x)),
    )

    const load = limitingCurrent(cell, "charge") / 2
    const porous = [16, 32, 64].map((columns) => strip(cell, columns))
    const states = porous.map((made) => steady(made, load))
    const salts = porous.map((made, k) => rms(made, states[k].concentration, (x) => steadyConcentration(cell, load, x)))
    const ions = porous.map((made, k) => rms(made, states[k].potential, (x) => steadyPotential(cell, load, x)))

    const end = (0.1 * plates.separator.thickness ** 2) / (plates.diffusivity * Math.sqrt(0.5))
    const approach = between.map((made, k) =>
      rms(made, made.march(new Array(8 * 2 ** k).fill(current), end / (8 * 2 ** k)).concentration, (x) =>
        platesConcentration(plates, current, x, end),
      ),
    )
    const rise = saltAt(plates.separator.thickness) - saltAt(0)
    return [
      bounded(
        "steady salt between plates, any node, over its rise",
        largest(between[2], profiles[2].concentration, saltAt) / rise,
        1e-9,
      ),
      orderOf("steady potential between plates", 2, potentials),
      bounded("steady potential between plates over its rise", potentials[2] / jump, 1e-3),
      orderOf("salt in a porous electrode", 2, salts),
      bounded("salt in a porous electrode over its mean", salts[2] / cell.initial, 1e-3),
      orderOf("potential in a porous electrode", 2, ions),
      orderOf("salt on its way to the steady state, space and time", 2, approach),
      bounded("salt on its way to the steady state over its steady rise", approach[2] / rise, 1e-3),
      compared(
        "limiting current between plates",
        limitingCurrent(plates, "charge"),
        limitFound(between[0], plates, "charge"),
        1e-6,
        "A/m²",
      ),
      compared(
        "limiting current on charge, porous electrode",
        limitingCurrent(cell, "charge"),
        limitFound(porous[2], cell, "charge"),
        1e-3,
        "A/m²",
      ),
      compared(
        "limiting current on discharge, porous electrode",
        limitingCurrent(cell, "discharge"),
        limitFound(porous[2], cell, "discharge"),
        1e-3,
        "A/m²",
      ),
    ]
  },
}
