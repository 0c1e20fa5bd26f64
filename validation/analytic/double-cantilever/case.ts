import { bounded, compared, type Result, type ValidationCase } from "../../case.ts"
import { pull } from "./pull.ts"
import { type BeamState, type DoubleCantilever, elasticCompliance, growthState, loadOpening } from "./solution.ts"
import { tear } from "./tear.ts"

/** Slender arms on a bond so soft that it stretches over several of their thicknesses, as beam theory supposes. */
const problem: DoubleCantilever = {
  crack: 18e-3,
  thickness: 1.5e-3,
  young: 130e9,
  poisson: 0.3,
  shearCorrection: 5 / 6,
  cohesion: { stiffness: 5e11, strength: 10e6, fractureEnergy: 1000, mixity: 1, delay: 0 },
}
const length = 63e-3
const columns = 126
const rows = 3
const longest = 30e-3
const slowly = [0.05e-3, 0.2e-3, 0.25e-3, 0.3e-3]

/** A bond whose softening zone, E G_c/T² = 60 µm, no mesh here resolves, with its traction averaged over 0.6 mm. */
const brittle: DoubleCantilever = {
  ...problem,
  crack: 5.4e-3,
  thickness: 1.8e-3,
  cohesion: { stiffness: 1e16, strength: 500e6, fractureEnergy: 100, mixity: 1, delay: 1, processZone: 0.6e-3 },
}

/** Length torn at the last of some openings, by cells of an edge [m] */
const torn = (edge: number, openings: readonly number[]): number => {
  const states = tear(brittle, 12e-3, Math.round(12e-3 / edge), Math.round(brittle.thickness / edge), openings)
  return states[states.length - 1].crack - states[0].crack
}

const beamLoad = (curve: readonly BeamState[], opening: number): number => {
  const k = curve.findIndex((state) => state.opening >= opening)
  if (k <= 0) return (curve[0].load * opening) / curve[0].opening
  const [a, b] = [curve[k - 1], curve[k]]
  return a.load + ((b.load - a.load) * (opening - a.opening)) / (b.opening - a.opening)
}

export const validationCase: ValidationCase = {
  name: "analytic/double-cantilever",
  title: "Double-cantilever beam: load against opening through the growth of a crack",
  reference: "Kanninen (1973), Int. J. Fract. 9, 83; Williams & Hadavinia (2002), J. Mech. Phys. Solids 50, 809",
  tier: "fast",
  run: (): Result[] => {
    const curve = loadOpening(problem, longest, 200)
    const last = curve[curve.length - 1]
    const openings = Array.from({ length: 60 }, (_, k) => (last.opening * (k + 1)) / 60)
    const states = pull(problem, length, columns, rows, openings)
    const peak = Math.max(...states.map(({ load }) => load))
    const deviations = states.map(({ load, opening }) => Math.abs(load / beamLoad(curve, opening) - 1))
    const growing = states.filter(({ crack }) => crack > problem.crack + 0.5e-3)
    const [start, end] = [growing[0], growing[growing.length - 1]]
    const work = states.reduce((sum, state, k) => {
      const before = k === 0 ? { opening: 0, load: 0 } : states[k - 1]
      return sum + ((state.load + before.load) / 2) * (state.opening - before.opening)
    }, 0)
    const elements = (end.processZone * columns) / length
    return [
      compared(
        "compliance of the elastic branch",
        elasticCompliance(problem),
        states[0].opening / states[0].load,
        1e-2,
        "m²/N",
      ),
      compared("peak load", Math.max(...curve.map(({ load }) => load)), peak, 1e-2, "N/m"),
      bounded("load at equal opening, worst of all states", Math.max(...deviations), 1e-2),
      compared("crack length at the last opening", longest, end.crack, 1e-2, "m"),
      compared(
        "length of the softening zone of a growing crack",
        growthState(problem, end.crack).processZone,
        end.processZone,
        2e-2,
        "m",
      ),
      {
        quantity: "elements in the softening zone",
        expected: "≥ 5",
        found: elements.toFixed(1),
        error: Math.max(0, 5 - elements),
        tolerance: 0,
        passed: elements >= 5,
      },
      compared(
        "energy dissipated per length of new crack",
        problem.cohesion.fractureEnergy,
        (end.dissipated - start.dissipated) / (end.crack - start.crack),
        1e-2,
        "J/m²",
      ),
      compared(
        "traction averaged over 0.6 mm, brittle bond: length torn on edges of 0.2 mm as on 0.3 mm",
        torn(0.3e-3, slowly),
        torn(0.2e-3, slowly),
        0.1,
        "m",
      ),
      compared(
        "work of the load: stored and dissipated",
        (end.load * end.opening) / 2 + end.dissipated,
        work,
        1e-3,
        "J/m",
      ),
    ]
  },
}
