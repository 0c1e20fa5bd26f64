import type { Mesh } from "../../src/mesh/mesh.ts"
import { createHalfCell } from "../../src/model/resolved/half-cell.ts"
import { createImplicitStepper } from "../../src/model/resolved/implicit-step.ts"
import type { HalfCellParameters } from "../../src/model/resolved/parameters.ts"
import { initialState } from "../../src/model/resolved/state.ts"
import type { Finding } from "./invariants.ts"
import type { Runnable } from "./march.ts"

/** Short beside diffusion, long beside rounding [s] */
export const instant = 1e-3
/** Small beside RT/F: every reaction is a resistance [V] */
export const small = 1e-3
/** Share of a current that the solution's tolerance leaves open */
export const rounding = 1e-6

/** Currents of a cell at rest that is held at another voltage for an instant [A/m]. */
export interface InstantCurrents {
  readonly total: number
  /** [particle] */
  readonly particles: Float64Array
}

/** @param overpotential above the open-circuit potential [V]; @returns undefined where no solution was found */
export const instantCurrents = (
  { mesh, parameters }: Pick<Runnable, "mesh" | "parameters">,
  overpotential: number,
): InstantCurrents | undefined => {
  const cell = createHalfCell(mesh, { ...parameters, mechanics: false })
  const rest = initialState(cell)
  const { points, unknowns } = cell.electrochemistry
  const stepper = createImplicitStepper(cell, 1)
  const trial = stepper.attempt([rest], instant, {
    kind: "voltage",
    voltage: rest.x[unknowns.voltage] + overpotential,
  })
  stepper.forget()
  if (trial.kind === "failed") return undefined
  const particles = new Float64Array(cell.particles.count)
  trial.state.transfer.forEach((density, point) => {
    particles[points.particle[Math.floor(point / points.rule.weights.length)]] += points.weight[point] * density
  })
  return { total: trial.state.current, particles }
}

/** The better conductor in the place of the poorer one, wherever that is. */
const conductingEverywhere = (parameters: HalfCellParameters): HalfCellParameters => {
  const { high, low } = parameters.matrices
  return {
    ...parameters,
    matrices: { high, low: { ...low, conductivity: Math.max(high.conductivity, low.conductivity) } },
  }
}

/** The same mesh with the matrix that touches a particle as a region of its own, "coat". */
const coated = (mesh: Mesh, particle: number): Mesh => {
  const touched = new Set<number>()
  mesh.interfaces.innerCell.forEach((cell, facet) => {
    if (mesh.regions[mesh.cellToRegion[cell]].particle !== particle) return
    for (let v = 0; v < mesh.dimension; v++) touched.add(mesh.interfaces.outerNode[facet * mesh.dimension + v])
  })
  const vertices = mesh.dimension + 1
  const coat = mesh.regions.length
  return {
    ...mesh,
    regions: [...mesh.regions, { kind: "matrix", name: "coat", particle: -1 }],
    cellToRegion: mesh.cellToRegion.map((region, cell) =>
      mesh.regions[region].name === "low" &&
      mesh.cellToNode.subarray(cell * vertices, (cell + 1) * vertices).some((node) => touched.has(node))
        ? coat
        : region,
    ),
  }
}

/** A coat of the better conductor around one particle, where the poorer one touches it. */
export const withCoat = ({ mesh, parameters }: Runnable, particle: number): Pick<Runnable, "mesh" | "parameters"> => {
  const { high, low } = parameters.matrices
  const coat = { ...low, conductivity: Math.max(high.conductivity, low.conductivity) }
  return { mesh: coated(mesh, particle), parameters: { ...parameters, matrices: { high, low, coat } } }
}

/**
 * Held a millivolt from rest, a cell passes no less current when a conductor is added to it: somewhere, or around one
 * particle. So close to rest it is a network of resistances between two terminals, and no resistance of such a network
 * can be lowered without lowering that between the terminals (Rayleigh's monotonicity law).
 * @source J. C. Maxwell, A Treatise on Electricity and Magnetism (1873), §306; Lord Rayleigh (1871)
 */
export const totalCurrentFinding = (run: Runnable): Finding => {
  const before = instantCurrents(run, small)
  const better = [
    { what: "the better conductor everywhere", ...run, parameters: conductingEverywhere(run.parameters) },
    { what: "a coat around particle 1", ...withCoat(run, 0) },
  ]
  for (const { what, mesh, parameters } of better) {
    const after = instantCurrents({ mesh, parameters }, small)
    if (!before || !after) return "no solution a millivolt from rest"
    if (!(after.total >= before.total * (1 - rounding)))
      return `with ${what} the cell passes ${after.total} A/m instead of ${before.total} A/m`
  }
  return undefined
}

/** Moves no salt, so that no concentration drives ions either. */
const singleIon = {
  conductivitySlope: () => 0,
  transference: () => 1,
  transferenceSlope: () => 0,
}
/** So well do ions conduct that their resistance takes no more than {@link leftOfIons} */
const nearlyIdeal = { conductivity: 3e3, exchangeCurrent: 1e5 }
/** Share of a particle's current that the ions' resistance may still take */
export const leftOfIons = 1e-4

/**
 * A cell whose ions carry all the current and meet next to no resistance.
 * @param conductivity    of ions [S/m]
 * @param exchangeCurrent of the lithium [A/m²]
 */
export const idealIons = <Parameters extends HalfCellParameters>(
  parameters: Parameters,
  { conductivity, exchangeCurrent }: { readonly conductivity: number; readonly exchangeCurrent: number },
): Parameters => ({
  ...parameters,
  electrolyte: { ...parameters.electrolyte, ...singleIon, conductivity: () => conductivity },
  lithium: { ...parameters.lithium, exchangeCurrent },
})

/** Voltages above rest at which a cell with nothing but electronic losses is held [V] */
export const strong = [0.02, 0.1]

/**
 * Where ions meet no resistance and carry all the current, all of the carbon/binder conducting three times better lowers no particle's current,
 * however far from rest the cell is held. Electrons then come from one terminal and leave to ground, so that the old
 * potentials are a lower bound of the new ones (comparison principle): every surface gets a higher potential. Not so with
 * equipotential particles, which conduct from one of their contacts to another and gain nothing: what went round by them
 * goes straight then.
 */
export const everyCurrentFinding = ({ mesh, parameters }: Runnable): Finding => {
  const { matrices } = parameters
  const ideal = idealIons(parameters, nearlyIdeal)
  const better = Object.fromEntries(
    Object.entries(matrices).map(([name, matrix]) => [name, { ...matrix, conductivity: 3 * matrix.conductivity }]),
  )
  for (const overpotential of strong) {
    const before = instantCurrents({ mesh, parameters: ideal }, overpotential)
    const after = instantCurrents({ mesh, parameters: { ...ideal, matrices: better } }, overpotential)
    if (!before || !after) return `no solution ${overpotential} V from rest`
    const lost = (current: number): number => leftOfIons * current + rounding * before.total
    const loser = before.particles.findIndex((current, p) => !(after.particles[p] >= current - lost(current)))
    if (loser >= 0)
      return (
        `${overpotential} V from rest, particle ${loser + 1} passes ${after.particles[loser]} A/m ` +
        `instead of ${before.particles[loser]} A/m`
      )
  }
  return undefined
}

/**
 * A coat of the better conductor lowers no current of the particle it touches. True only where particles do not share
 * what limits them; see the counterexample beside the tests.
 */
export const coatedCurrentFinding = (run: Runnable): Finding => {
  const before = instantCurrents(run, small)
  const count = before?.particles.length ?? 0
  for (let particle = 0; particle < count; particle++) {
    const after = instantCurrents(withCoat(run, particle), small)
    if (!before || !after) return "no solution a millivolt from rest"
    const [old, now] = [before.particles[particle], after.particles[particle]]
    if (!(now >= old - rounding * before.total))
      return `with a coat, particle ${particle + 1} passes ${now} A/m instead of ${old} A/m`
  }
  return undefined
}
